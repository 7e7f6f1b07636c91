package io.torii.server.auth.proxy;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Identity;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a login may act for another user, and who that is. Thread-safe. */
public final class Impersonation {
    private static final Logger log = LoggerFactory.getLogger(Impersonation.class);

    private final ProxyUsers allowed;
    private final Authenticator users;

    public Impersonation(ProxyUsers allowed, Authenticator users) {
        this.allowed = requireNonNull(allowed, "allowed");
        this.users = requireNonNull(users, "users");
    }

    /** The list that it goes by. */
    public ProxyUsers allowed() {
        return allowed;
    }

    /**
     * The other user, with their own groups where those can be known. Fails with SETTING_DENIED if the login may not act for that
     * user, or there is none, in words that do not tell which; or with another GatewayException if it cannot be decided.
     *
     * @param address where the login's connection comes from
     */
    public CompletableFuture<Identity> of(String user, Identity login, String address) {
        List<ProxyUsers.Rule> rules = allowed.of(login.user(), address);
        if (rules.isEmpty() || !ProxyUsers.isName(user)) {
            return refused(login, address, user, Optional.empty(), "is not on the list");
        }
        return users.find(user)
                .exceptionallyCompose(failure -> isNobody(failure)
                        ? refused(login, address, user, Optional.empty(), "the other is no user of this gateway")
                        : CompletableFuture.failedFuture(failure))
                .thenCompose(found -> {
                    Identity other = found.orElseGet(() -> new Identity(user, Set.of()));
                    if (allowed.allow(login.user(), address, other.user(), other.groups())) {
                        return CompletableFuture.completedFuture(other);
                    }
                    boolean blind = found.isEmpty()
                            && rules.stream().anyMatch(rule -> !rule.groups().isEmpty());
                    Optional<String> remark = Optional.of("groups of users who have not logged in cannot be known here")
                            .filter(text -> blind);
                    return refused(login, address, user, remark, "is not on the list");
                });
    }

    private static <T> CompletableFuture<T> refused(
            Identity login, String address, String user, Optional<String> remark, String reason) {
        GatewayException refusal = ProxyUsers.refusal(login.user(), address, user, remark);
        log.atInfo().addKeyValue("reason", reason).log(refusal.getMessage());
        return CompletableFuture.failedFuture(refusal);
    }

    private static boolean isNobody(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof GatewayException known && known.code() == ErrorCode.AUTHENTICATION_FAILED;
    }
}
