package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.message.AgentSettings;
import java.io.IOException;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.security.UserGroupInformation;

/** Who the agent is to the cluster, and who it acts for. Thread-safe. */
final class Login {
    private final AgentSettings settings;
    private boolean loggedIn;

    Login(AgentSettings settings) {
        this.settings = settings;
    }

    /** The agent's own identity, logged in when it is first asked for. */
    synchronized UserGroupInformation self() throws AgentException {
        try {
            if (!loggedIn) {
                UserGroupInformation.setConfiguration(new Configuration());
                if (!settings.principal().isEmpty()) {
                    UserGroupInformation.loginUserFromKeytab(settings.principal(), settings.keytab());
                }
                loggedIn = true;
            }
            UserGroupInformation self = UserGroupInformation.getLoginUser();
            if (self.isFromKeytab()) {
                self.checkTGTAndReloginFromKeytab();
            }
            return self;
        } catch (IOException failure) {
            throw AgentException.unreachable(
                    "Cannot log in to cluster " + settings.cluster()
                            + (settings.principal().isEmpty() ? "" : " as " + settings.principal()) + ": "
                            + Causes.sentence(failure),
                    failure);
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
