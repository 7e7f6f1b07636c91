package io.torii.engine.yarn.agent.check;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import java.util.regex.Pattern;

/** What to do about Hadoop's refusal to let the agent act for a user. */
final class ProxyAdvice {
    private static final String READ_AGAIN =
            " in the core-site.xml of ResourceManager and NameNode, which read it again by"
                    + " `yarn rmadmin` and `hdfs dfsadmin` with -refreshSuperUserGroupsConfiguration";

    private ProxyAdvice() {}

    /** What Hadoop said, without the advice of a launch: the doctor's is longer. */
    static String said(AgentException refused) {
        return refused.getMessage().replaceFirst(Pattern.quote(Causes.ALLOW_IT) + ".*", "");
    }

    /**
     * What to do, in a clause.
     *
     * @param self the agent's own user
     * @param said what Hadoop said
     */
    static String of(String self, String user, String said) {
        if (said.contains("Unauthorized connection for super-user")) {
            return "add this host to hadoop.proxyuser." + self + ".hosts" + READ_AGAIN;
        }
        if (said.contains("not allowed to impersonate")) {
            return "set hadoop.proxyuser." + self + ".hosts and hadoop.proxyuser." + self + ".groups" + READ_AGAIN
                    + "; or set yarn.impersonation to false; or, if it may act for some users and " + user
                    + " is none of them, name one with --user";
        }
        return "see the server's log";
    }
}
