package io.torii.engine.yarn.agent.watch;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.agent.hadoop.ResourceManager;
import io.torii.engine.yarn.agent.hadoop.Web;
import io.torii.engine.yarn.message.ApplicationRow;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.yarn.api.records.ApplicationAttemptReport;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.logaggregation.ContainerLogsRequest;
import org.apache.hadoop.yarn.logaggregation.filecontroller.LogAggregationFileControllerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a driver has written to its error stream: read from its node while it runs, and from where YARN aggregates logs once it
 * has ended. Thread-safe.
 */
public final class DriverLogs {
    private static final Logger log = LoggerFactory.getLogger(DriverLogs.class);
    private static final String FILE = "stderr";
    private static final int BYTES_PER_LINE = 512;
    private static final int MAX_BYTES = 1 << 20;

    private final ResourceManager manager;
    private final Login login;
    private final Web web;

    public DriverLogs(ResourceManager manager, Login login, Web web) {
        this.manager = manager;
        this.login = login;
        this.web = web;
    }

    /** The last lines, oldest first; empty if there are none yet, or none any more. */
    public String tail(ApplicationRow application, int maxLines) throws AgentException {
        Optional<ContainerId> container = driver(application);
        if (container.isEmpty()) {
            return "";
        }
        int bytes = Math.min(MAX_BYTES, BYTES_PER_LINE * Math.max(1, maxLines));
        String text = application.alive()
                ? onTheNode(container.get(), bytes)
                : aggregated(application, container.get(), bytes);
        List<String> lines = LogText.content(text).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - maxLines), lines.size()));
    }

    private Optional<ContainerId> driver(ApplicationRow application) throws AgentException {
        List<ApplicationAttemptReport> attempts =
                manager.ask(client -> client.getApplicationAttempts(ApplicationId.fromString(application.id())));
        return attempts.stream()
                .map(ApplicationAttemptReport::getAMContainerId)
                .filter(container -> container != null)
                .reduce((first, last) -> last);
    }

    private String onTheNode(ContainerId container, int bytes) throws AgentException {
        String url = manager.ask(client -> client.getContainerReport(container)).getLogUrl();
        if (url == null || url.isEmpty()) {
            return "";
        }
        URI node = URI.create(url);
        URI file = node.resolve("/ws/v1/node/containers/" + container + "/logs/" + FILE + "?size=-" + bytes);
        try {
            return web.get(file, MAX_BYTES + (64 << 10));
        } catch (Web.Absent notYet) {
            return "";
        }
    }

    private String aggregated(ApplicationRow application, ContainerId container, int bytes) throws AgentException {
        ContainerLogsRequest request = new ContainerLogsRequest();
        request.setAppId(ApplicationId.fromString(application.id()));
        request.setAppOwner(application.user());
        request.setContainerId(container.toString());
        request.setLogTypes(Set.of(FILE));
        request.setBytes(-bytes);
        request.setAppFinished(true);
        try {
            return login.as(application.user(), () -> {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                new LogAggregationFileControllerFactory(manager.configuration())
                        .getFileControllerForRead(request.getAppId(), request.getAppOwner())
                        .readAggregatedLogs(request, text);
                return text.toString(StandardCharsets.UTF_8);
            });
        } catch (AgentException known) {
            throw known;
        } catch (Exception absent) {
            log.debug("no aggregated log of {}", application.id(), absent);
            return "";
        }
    }
}
