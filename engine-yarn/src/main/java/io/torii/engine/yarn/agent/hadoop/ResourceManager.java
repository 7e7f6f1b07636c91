package io.torii.engine.yarn.agent.hadoop;

import io.torii.engine.yarn.message.AgentSettings;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.webapp.util.WebAppUtils;

/** The cluster's ResourceManager, or the active one of a pair. Asked with little patience: who asks, asks again. Thread-safe. */
public final class ResourceManager {
    /** Thrown by Hadoop's calls. */
    public interface Question<T> {
        T ask(YarnClient client) throws YarnException, IOException;
    }

    private final String cluster;
    private final Configuration configuration;
    private final Login login;
    private YarnClient client;

    public ResourceManager(AgentSettings settings, Login login) {
        this.cluster = settings.cluster();
        this.login = login;
        this.configuration = Patience.little(settings);
    }

    public Configuration configuration() {
        return configuration;
    }

    /** Asks as the agent itself. */
    public <T> T ask(Question<T> question) throws AgentException {
        return askAs("", question);
    }

    /** Asks as that user; as the agent itself if the name is empty. */
    public <T> T askAs(String user, Question<T> question) throws AgentException {
        try {
            if (user.isEmpty()) {
                login.self(); // who waits for that must not hold the others up
                YarnClient own = client();
                return login.as("", () -> question.ask(own));
            }
            return login.as(user, () -> {
                YarnClient once = started(configuration);
                try {
                    return question.ask(once);
                } finally {
                    once.stop();
                }
            });
        } catch (AgentException known) {
            throw known;
        } catch (Exception failure) {
            if (Causes.isSilence(failure)) {
                throw AgentException.unreachable(
                        "the ResourceManager of cluster " + cluster + " does not answer at " + address() + " ("
                                + Causes.sentence(failure) + ")",
                        failure);
            }
            throw AgentException.refused(
                    "the ResourceManager of cluster " + cluster + " says: " + Causes.sentence(failure), failure);
        }
    }

    public String address() {
        if (!configuration.getBoolean(YarnConfiguration.RM_HA_ENABLED, false)) {
            return configuration.get(YarnConfiguration.RM_ADDRESS, YarnConfiguration.DEFAULT_RM_ADDRESS);
        }
        return "any of " + configuration.get(YarnConfiguration.RM_HA_IDS, "");
    }

    /** Where its web services are: of a pair, the one that stands by says where the other is. */
    public List<URI> webAddresses() {
        String scheme = WebAppUtils.getHttpSchemePrefix(configuration);
        boolean secure = YarnConfiguration.useHttps(configuration);
        String key = secure ? YarnConfiguration.RM_WEBAPP_HTTPS_ADDRESS : YarnConfiguration.RM_WEBAPP_ADDRESS;
        int port = secure ? YarnConfiguration.DEFAULT_RM_WEBAPP_HTTPS_PORT : YarnConfiguration.DEFAULT_RM_WEBAPP_PORT;
        if (!configuration.getBoolean(YarnConfiguration.RM_HA_ENABLED, false)) {
            return List.of(URI.create(WebAppUtils.getRMWebAppURLWithScheme(configuration)));
        }
        List<URI> addresses = new ArrayList<>();
        for (String id : configuration.getTrimmedStringCollection(YarnConfiguration.RM_HA_IDS)) {
            String host = configuration.get(YarnConfiguration.RM_HOSTNAME + "." + id, "");
            String address = configuration.get(key + "." + id, host + ":" + port);
            addresses.add(URI.create(scheme + address));
        }
        return addresses;
    }

    private synchronized YarnClient client() throws Exception {
        if (client == null) {
            client = login.as("", () -> started(configuration));
        }
        return client;
    }

    private static YarnClient started(Configuration configuration) {
        YarnClient fresh = YarnClient.createYarnClient();
        fresh.init(configuration);
        fresh.start();
        return fresh;
    }
}
