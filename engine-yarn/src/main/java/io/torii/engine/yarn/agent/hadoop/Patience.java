package io.torii.engine.yarn.agent.hadoop;

import io.torii.engine.yarn.message.AgentSettings;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/**
 * The cluster's configuration with little patience, for the agent's own questions: who asks, asks again. Hadoop's own patience
 * is minutes where a host drops packets. It is not for engines, whose drivers outlast a fail-over by being patient.
 */
public final class Patience {
    private Patience() {}

    /** For the ResourceManager: a call ends within seconds, whatever becomes of the other side. */
    public static Configuration little(AgentSettings settings) {
        YarnConfiguration site = new YarnConfiguration();
        site.setBoolean(YarnConfiguration.TIMELINE_SERVICE_ENABLED, false);
        site.setInt(YarnConfiguration.RESOURCEMANAGER_CONNECT_MAX_WAIT_MS, 500);
        site.setInt(YarnConfiguration.RESOURCEMANAGER_CONNECT_RETRY_INTERVAL_MS, 500);
        // where there is no other, a fail-over would ask the same one again
        boolean pair = site.getBoolean(YarnConfiguration.RM_HA_ENABLED, YarnConfiguration.DEFAULT_RM_HA_ENABLED);
        site.setInt(YarnConfiguration.CLIENT_FAILOVER_MAX_ATTEMPTS, pair ? 2 : 0);
        site.setInt(YarnConfiguration.CLIENT_FAILOVER_SLEEPTIME_BASE_MS, 200);
        site.setInt(YarnConfiguration.CLIENT_FAILOVER_SLEEPTIME_MAX_MS, 500);
        site.setInt("ipc.client.connect.timeout", 2_000);
        site.setInt("ipc.client.connect.max.retries", 0);
        site.setInt("ipc.client.connect.max.retries.on.timeouts", 0);
        site.setInt("ipc.client.rpc-timeout.ms", pair ? 2_000 : 3_000); // of a pair, one may be asked twice
        settings.hadoop().forEach(site::set);
        return site;
    }

    /** The same for file systems. */
    public static Configuration littleWithFiles(AgentSettings settings) {
        Configuration site = little(settings);
        site.setInt("ipc.client.rpc-timeout.ms", 3_000);
        site.setInt("dfs.client.failover.max.attempts", 3);
        site.setInt("dfs.client.failover.sleep.base.millis", 200);
        site.setInt("dfs.client.failover.sleep.max.millis", 500);
        site.setInt("dfs.client.retry.max.attempts", 1);
        settings.hadoop().forEach(site::set);
        return site;
    }
}
