package io.torii.engine.yarn.agent.launch;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.Tokens;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.deploy.security.HadoopDelegationTokenManager;

/**
 * Gets users' delegation tokens with the agent's own ticket, for whatever the cluster's site files name: its file systems and
 * its Hive metastore. Spark's own code does, so that these are the tokens of a submission. Thread-safe.
 */
public final class TokenIssue {
    private static final String PATIENCE = "10s";

    private final String cluster;
    private final Login login;

    public TokenIssue(String cluster, Login login) {
        this.cluster = cluster;
        this.login = login;
    }

    /** Fresh ones each time; an empty file from a cluster that asks for none. */
    public Tokens tokens(AgentCall.Issue call) throws AgentException {
        login.self(); // only then is it known what the cluster demands
        if (!UserGroupInformation.isSecurityEnabled()) {
            return new Tokens(new byte[0]);
        }
        try {
            return login.asOwner(call.user(), () -> new Tokens(fresh(call)));
        } catch (AgentException known) {
            throw known;
        } catch (Exception failure) {
            String reason = "no tokens of cluster " + cluster + " for " + call.user() + ": " + Causes.sentence(failure);
            throw Causes.isSilence(failure)
                    ? AgentException.unreachable(reason, failure)
                    : AgentException.refused(reason, failure);
        }
    }

    private static byte[] fresh(AgentCall.Issue call) throws IOException {
        SparkConf settings = new SparkConf(false);
        SparkSettings.of(call.spark()).forEach(settings::set);
        settings.set("spark.master", "yarn");
        settings.set("spark.submit.deployMode", "cluster"); // else Spark leaves the metastore's out
        Configuration site = SparkHadoopUtil.get().newConfiguration(settings);
        site.set("hive.metastore.client.socket.timeout", PATIENCE); // Hive's own is ten minutes
        Credentials tokens = new Credentials();
        new HadoopDelegationTokenManager(settings, site, null).obtainDelegationTokens(tokens);
        if (tokens.numberOfTokens() == 0) { // Spark only warns of a service that gives none
            throw new IOException("neither file system nor metastore has given one; the agent's log says why");
        }
        return SparkHadoopUtil.get().serialize(tokens);
    }
}
