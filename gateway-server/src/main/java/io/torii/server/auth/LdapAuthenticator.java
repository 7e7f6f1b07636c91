package io.torii.server.auth;

import static java.util.Objects.requireNonNull;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords by binding to a directory as the user, and finds the user's groups there. The directory is asked by the
 * executor's threads, over a bounded number of connections; it may be away when the gateway starts. Thread-safe.
 */
public final class LdapAuthenticator implements Authenticator, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LdapAuthenticator.class);
    private static final Duration VALIDITY = Duration.ofSeconds(30);
    private static final Set<ResultCode> WRONG = Set.of(
            ResultCode.INVALID_CREDENTIALS,
            ResultCode.NO_SUCH_OBJECT,
            ResultCode.INVALID_DN_SYNTAX,
            ResultCode.UNWILLING_TO_PERFORM,
            ResultCode.CONSTRAINT_VIOLATION,
            ResultCode.INAPPROPRIATE_AUTHENTICATION);

    private final LdapSettings settings;
    private final Executor executor;
    private final VerifiedPasswords verified;
    private final LdapUsers users;
    private final LDAPConnectionPool pool;

    /**
     * Fails with an IllegalArgumentException if the settings make no sense.
     *
     * @param executor for waiting for the directory; bounded
     */
    public LdapAuthenticator(LdapSettings settings, Executor executor, Clock clock) {
        this(settings, executor, clock, trusted());
    }

    LdapAuthenticator(LdapSettings settings, Executor executor, Clock clock, SSLContext tls) {
        this.settings = requireNonNull(settings, "settings");
        this.executor = requireNonNull(executor, "executor");
        this.verified = new VerifiedPasswords(clock, VALIDITY);
        this.users = new LdapUsers(settings);
        this.pool = LdapConnections.pool(settings, tls);
    }

    @Override
    public CompletableFuture<Identity> authenticate(String user, Secret password) {
        if (user.isBlank() || password.value().isEmpty()) {
            return CompletableFuture.failedFuture(wrong()); // a bind without a password succeeds, as nobody
        }
        return verified.of(user, password, "", () -> asked(connection -> whoLogsIn(user, password, connection)));
    }

    /** Without an account that searches, nobody can tell; but then nobody can tell either whether a user may log in. */
    @Override
    public CompletableFuture<Optional<Identity>> find(String user) {
        if (settings.service().isEmpty()) {
            return settings.allowedGroups().isEmpty()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(wrong());
        }
        return asked(connection -> whoIs(user, connection)).thenApply(Optional::of);
    }

    @Override
    public boolean admitsAnyone() {
        return false;
    }

    @Override
    public void close() {
        pool.close();
    }

    /** What the directory is asked over a connection that may search. */
    private interface Question {
        Identity over(LDAPConnection connection) throws LDAPException;
    }

    private CompletableFuture<Identity> asked(Question question) {
        try {
            return CompletableFuture.supplyAsync(() -> ask(question), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new GatewayException(
                    ErrorCode.TOO_MANY_SESSIONS, "Too many passwords are being checked at once; try again", e));
        }
    }

    private Identity ask(Question question) {
        try {
            return askOnce(question);
        } catch (LDAPException e) {
            if (e.getResultCode().isConnectionUsable()) {
                throw unavailable(e);
            }
        }
        pool.shrinkPool(0); // the directory had closed the pool's connection, and maybe all of them
        try {
            return askOnce(question);
        } catch (LDAPException e) {
            throw unavailable(e);
        }
    }

    private Identity askOnce(Question question) throws LDAPException {
        LDAPConnection connection = pool.getConnection();
        boolean usable = false;
        try {
            Identity answer = question.over(connection);
            usable = true;
            return answer;
        } catch (GatewayException e) {
            usable = true;
            throw e;
        } catch (LDAPException e) {
            usable = e.getResultCode().isConnectionUsable();
            throw e;
        } finally {
            if (usable) {
                pool.releaseAndReAuthenticateConnection(connection);
            } else {
                pool.releaseDefunctConnection(connection);
            }
        }
    }

    private Identity whoLogsIn(String user, Secret password, LDAPConnection connection) throws LDAPException {
        LdapUsers.Found found = users.find(user, connection).orElseThrow(LdapAuthenticator::wrong);
        bind(connection, found.dn(), password);
        String name = users.nameOf(user, found, connection);
        if (settings.service().isPresent()) {
            connection.bind(LdapConnections.serviceBind(settings.service().get()));
        }
        return admitted(name, users.groupsOf(name, found.dn(), connection));
    }

    private Identity whoIs(String user, LDAPConnection connection) throws LDAPException {
        LdapUsers.Found found = users.find(user, connection).orElseThrow(LdapAuthenticator::wrong);
        if (!users.exists(found, connection)) {
            throw wrong();
        }
        String name = users.nameOf(user, found, connection);
        return admitted(name, users.groupsOf(name, found.dn(), connection));
    }

    private static void bind(LDAPConnection connection, String dn, Secret password) throws LDAPException {
        try {
            connection.bind(new SimpleBindRequest(dn, password.value()));
        } catch (LDAPException e) {
            if (WRONG.contains(e.getResultCode())) {
                throw wrong();
            }
            throw e;
        }
    }

    private Identity admitted(String user, Set<String> groups) {
        boolean allowed = settings.allowedGroups().isEmpty()
                || settings.allowedGroups().stream()
                        .anyMatch(group -> groups.stream().anyMatch(group::equalsIgnoreCase));
        if (!allowed) {
            throw new GatewayException(
                    ErrorCode.AUTHENTICATION_FAILED, "User " + user + " is in no group that may use this gateway");
        }
        return new Identity(user, groups);
    }

    private static GatewayException wrong() {
        return new GatewayException(ErrorCode.AUTHENTICATION_FAILED, "Unknown user or wrong password");
    }

    private GatewayException unavailable(LDAPException e) {
        log.error("the directory does not answer url={} problem={}", settings.url(), e.getExceptionMessage());
        return new GatewayException(
                ErrorCode.AUTHENTICATION_UNAVAILABLE,
                "The directory of users cannot be asked at the moment; try again later",
                e);
    }

    private static SSLContext trusted() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("The trust store of this Java cannot be used: " + e.getMessage(), e);
        }
    }
}
