package io.torii.engine.yarn.agent.hadoop;

import io.torii.engine.yarn.message.AgentSettings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.AccessController;
import java.security.PrivilegedExceptionAction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.security.SecurityUtil;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.UserGroupInformation.AuthenticationMethod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the agent is to the cluster, and who it acts for. Its ticket is renewed by the keytab once most of its time is over;
 * should no KDC answer then, the agent goes on with it to its end. A KDC is asked on a thread of its own, since one that drops
 * packets keeps whoever asks it waiting for minutes. Thread-safe.
 */
public final class Login {
    private static final Logger log = LoggerFactory.getLogger(Login.class);
    private static final double OLD = 0.8;
    /** So long a caller waits for a login without which it can do nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final AgentSettings settings;
    private final Clock clock;
    private final LoginPause pause;
    private final ExecutorService asking = Executors.newSingleThreadExecutor(Login::thread);
    private volatile Optional<UserGroupInformation> current = Optional.empty();
    /** The last one, or the one under way. */
    private CompletableFuture<UserGroupInformation> login;

    public Login(AgentSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.pause = new LoginPause(
                settings.keytab().isEmpty() ? Optional.empty() : Optional.of(Path.of(settings.keytab())), clock);
    }

    /** The agent's own identity, logged in when it is first asked for. */
    public UserGroupInformation self() throws AgentException {
        CompletableFuture<UserGroupInformation> last;
        Optional<UserGroupInformation> good;
        synchronized (this) {
            good = good();
            boolean needed = good.isEmpty() || isOld(good.get());
            if (login == null || (login.isDone() && needed && pause.isOver())) {
                login = CompletableFuture.supplyAsync(this::attempt, asking);
            }
            last = login;
        }
        return good.isPresent() ? good.get() : outcome(last);
    }

    /** Whoever has logged in, as long as the cluster takes the ticket. */
    private Optional<UserGroupInformation> good() {
        return current.filter(self -> !self.isFromKeytab()
                || ticket(self)
                        .filter(one -> clock.instant().isBefore(end(one)))
                        .isPresent());
    }

    private boolean isOld(UserGroupInformation self) {
        return self.isFromKeytab()
                && ticket(self)
                        .filter(one -> clock.instant().isBefore(old(one)))
                        .isEmpty();
    }

    private UserGroupInformation outcome(CompletableFuture<UserGroupInformation> attempt) throws AgentException {
        try {
            return attempt.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            SocketTimeoutException none = new SocketTimeoutException("none in " + PATIENCE.toSeconds() + " s");
            throw refused(LoginProblem.of(settings, none), silent);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AgentException known) {
                throw known;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw AgentException.refused("the agent is ending", ending);
        }
    }

    /** Runs it as that user, for whom the cluster must let the agent act; as the agent itself if the name is empty. */
    public <T> T as(String user, PrivilegedExceptionAction<T> action) throws Exception {
        UserGroupInformation self = self();
        if (user.isEmpty() || user.equals(self.getShortUserName())) {
            return run(self, action);
        }
        UserGroupInformation proxy = UserGroupInformation.createProxyUser(user, self);
        try {
            return run(proxy, action);
        } finally {
            // file systems are cached by identity, and this one never comes again
            FileSystem.closeAllForUGI(proxy);
        }
    }

    /**
     * Runs it as that user on behalf of their engine. With Kerberos that is never the agent itself: its tokens, in the hands of
     * users' code, would do for anybody.
     */
    public <T> T asOwner(String user, PrivilegedExceptionAction<T> action) throws Exception {
        UserGroupInformation self = self();
        if (UserGroupInformation.isSecurityEnabled() && (user.isEmpty() || isSelf(user, self))) {
            throw AgentException.refused(
                    "engines with Kerberos run as their users, not as " + self.getUserName()
                            + ", with whose tokens users could act for anybody; set impersonation to true",
                    null);
        }
        return as(user, action);
    }

    /** Whatever the cluster's rules make of the name: one with an instance or a realm may be the agent's own user as well. */
    private static boolean isSelf(String user, UserGroupInformation self) {
        return UserGroupInformation.createProxyUser(user, self)
                .getShortUserName()
                .equals(self.getShortUserName());
    }

    private UserGroupInformation attempt() {
        pause.loginBegins();
        try {
            UserGroupInformation self = current.isEmpty() ? begun() : renewed(current.get());
            current = Optional.of(self);
            pause.loginEnded(Optional.empty());
            return self;
        } catch (AgentException refused) {
            pause.loginEnded(Optional.empty()); // by nobody but ourselves
            throw new CompletionException(refused);
        } catch (IOException | IllegalArgumentException failure) { // the latter for want of a krb5.conf
            pause.loginEnded(Optional.of(failure));
            throw new CompletionException(refused(LoginProblem.of(settings, failure), failure));
        }
    }

    private UserGroupInformation begun() throws IOException, AgentException {
        Configuration site = new Configuration();
        boolean secure = SecurityUtil.getAuthenticationMethod(site) == AuthenticationMethod.KERBEROS;
        if (settings.principal().isEmpty()) {
            if (secure && !hasTicket(site)) {
                throw refused("it demands Kerberos; set principal and keytab", null);
            }
        } else if (!secure) {
            throw refused(
                    "its core-site.xml does not demand Kerberos (hadoop.security.authentication), but principal is set;"
                            + " correct the one or the other",
                    null);
        } else {
            UserGroupInformation.setConfiguration(site);
            UserGroupInformation.loginUserFromKeytab(settings.principal(), settings.keytab());
        }
        return UserGroupInformation.getLoginUser();
    }

    /** Of the user who runs the gateway, got by {@code kinit}. */
    private static boolean hasTicket(Configuration site) {
        try {
            UserGroupInformation.setConfiguration(site);
            return UserGroupInformation.getLoginUser().hasKerberosCredentials();
        } catch (IOException | IllegalArgumentException none) {
            return false;
        }
    }

    /**
     * Tries a login of its own first: Hadoop throws the old ticket away before it asks for the new one, and would have none if
     * nobody answered.
     */
    private UserGroupInformation renewed(UserGroupInformation self) throws IOException {
        try {
            UserGroupInformation.loginUserFromKeytabAndReturnUGI(settings.principal(), settings.keytab());
            self.forceReloginFromKeytab();
            return self;
        } catch (IOException failure) {
            good().flatMap(Login::ticket)
                    .ifPresent(ticket -> log.warn(
                            "the ticket is good until {} and is not renewed: {}",
                            end(ticket),
                            LoginProblem.of(settings, failure)));
            throw failure;
        }
    }

    private static Instant end(KerberosTicket ticket) {
        return ticket.getEndTime().toInstant();
    }

    private static Instant old(KerberosTicket ticket) {
        Instant start = ticket.getStartTime().toInstant();
        long life = Duration.between(start, end(ticket)).toMillis();
        return start.plusMillis((long) (OLD * life));
    }

    /** The ticket that the KDC gives tickets for. Hadoop does not show it, but who acts as somebody sees theirs. */
    @SuppressWarnings("removal") // Hadoop's own login is built on it
    private static Optional<KerberosTicket> ticket(UserGroupInformation self) {
        return self.doAs((java.security.PrivilegedAction<Optional<KerberosTicket>>) () ->
                Subject.getSubject(AccessController.getContext()).getPrivateCredentials(KerberosTicket.class).stream()
                        .filter(ticket -> !ticket.isDestroyed())
                        .filter(ticket -> ticket.getServer().getName().startsWith("krbtgt/"))
                        .findFirst());
    }

    private AgentException refused(String why, Throwable failure) {
        return AgentException.unreachable(
                "Cannot log in to cluster " + settings.cluster()
                        + (settings.principal().isEmpty() ? "" : " as " + settings.principal()) + ": " + why,
                failure);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "login");
        thread.setDaemon(true);
        return thread;
    }

    private static <T> T run(UserGroupInformation who, PrivilegedExceptionAction<T> action) throws Exception {
        try {
            return who.doAs(action);
        } catch (java.lang.reflect.UndeclaredThrowableException wrapped) {
            if (wrapped.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw wrapped;
        }
    }
}
