package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.message.AgentSettings;
import java.io.IOException;
import java.security.AccessController;
import java.security.PrivilegedExceptionAction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
 * should no KDC answer then, the agent goes on with it to its end. Thread-safe.
 */
final class Login {
    private static final Logger log = LoggerFactory.getLogger(Login.class);
    private static final double OLD = 0.8;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(10);

    private final AgentSettings settings;
    private final Clock clock;
    private boolean loggedIn;
    private Instant attempted = Instant.MIN;

    Login(AgentSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** The agent's own identity, logged in when it is first asked for. */
    synchronized UserGroupInformation self() throws AgentException {
        try {
            if (!loggedIn) {
                begin();
            }
            UserGroupInformation self = UserGroupInformation.getLoginUser();
            if (self.isFromKeytab()) {
                renew(self);
            }
            return self;
        } catch (IOException | IllegalArgumentException failure) { // the latter for want of a krb5.conf
            throw refused(LoginProblem.of(settings, failure), failure);
        }
    }

    /** Runs it as that user, for whom the cluster must let the agent act; as the agent itself if the name is empty. */
    <T> T as(String user, PrivilegedExceptionAction<T> action) throws Exception {
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
    <T> T asOwner(String user, PrivilegedExceptionAction<T> action) throws Exception {
        UserGroupInformation self = self();
        if (UserGroupInformation.isSecurityEnabled() && (user.isEmpty() || user.equals(self.getShortUserName()))) {
            throw AgentException.refused(
                    "engines with Kerberos run as their users, not as " + self.getUserName()
                            + ", with whose tokens users could act for anybody; set impersonation to true",
                    null);
        }
        return as(user, action);
    }

    private void begin() throws IOException, AgentException {
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
        loggedIn = true;
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
    private void renew(UserGroupInformation self) throws IOException {
        Instant now = clock.instant();
        Optional<KerberosTicket> ticket = ticket(self);
        Instant end = ticket.map(one -> one.getEndTime().toInstant()).orElse(Instant.MIN);
        if (ticket.map(one -> now.isBefore(old(one))).orElse(false)) {
            return;
        }
        boolean good = now.isBefore(end);
        if (good && now.isBefore(attempted.plus(BETWEEN_ATTEMPTS))) {
            return;
        }
        attempted = now;
        try {
            UserGroupInformation.loginUserFromKeytabAndReturnUGI(settings.principal(), settings.keytab());
            self.forceReloginFromKeytab();
        } catch (IOException failure) {
            if (!good) {
                throw failure;
            }
            log.warn("the ticket is good until {} and is not renewed: {}", end, LoginProblem.of(settings, failure));
        }
    }

    private static Instant old(KerberosTicket ticket) {
        Instant start = ticket.getStartTime().toInstant();
        long life = Duration.between(start, ticket.getEndTime().toInstant()).toMillis();
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
