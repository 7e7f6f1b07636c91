package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.message.ApplicationRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;

/** The applications that gateways of this deployment have submitted, which have its tag and that of their launch. Thread-safe. */
final class Applications {
    private static final String LAUNCH_TAG = "torii-[0-9a-f]{32}";
    private static final EnumSet<YarnApplicationState> ALIVE = EnumSet.of(
            YarnApplicationState.NEW,
            YarnApplicationState.NEW_SAVING,
            YarnApplicationState.SUBMITTED,
            YarnApplicationState.ACCEPTED,
            YarnApplicationState.RUNNING);

    private final ResourceManager manager;
    private final String deployment;

    Applications(ResourceManager manager, String deployment) {
        this.manager = manager;
        this.deployment = deployment;
    }

    /** The application of this launch, alive or not. */
    Optional<ApplicationRow> find(String tag) throws AgentException {
        return rows(tag, EnumSet.allOf(YarnApplicationState.class)).stream()
                .max(Comparator.comparing(ApplicationRow::alive).thenComparing(ApplicationRow::id));
    }

    List<ApplicationRow> live() throws AgentException {
        return rows(deployment, ALIVE);
    }

    /** Returns it as it was before. It is killed as its own user, who may do that whatever the queues' rules are. */
    Optional<ApplicationRow> kill(String tag) throws AgentException {
        Optional<ApplicationRow> found = find(tag);
        if (found.isPresent() && found.get().alive()) {
            ApplicationRow application = found.get();
            manager.askAs(application.user(), client -> {
                client.killApplication(org.apache.hadoop.yarn.api.records.ApplicationId.fromString(application.id()));
                return application;
            });
        }
        return found;
    }

    private List<ApplicationRow> rows(String tag, EnumSet<YarnApplicationState> states) throws AgentException {
        GetApplicationsRequest request = GetApplicationsRequest.newInstance();
        request.setApplicationTags(Set.of(tag));
        request.setApplicationStates(states);
        List<ApplicationRow> rows = new ArrayList<>();
        for (ApplicationReport report : manager.ask(client -> client.getApplications(request))) {
            rows.add(row(report));
        }
        return rows;
    }

    private static ApplicationRow row(ApplicationReport report) {
        return new ApplicationRow(
                report.getApplicationTags().stream()
                        .filter(tag -> tag.matches(LAUNCH_TAG))
                        .findFirst()
                        .orElse(""),
                report.getApplicationId().toString(),
                text(report.getUser()),
                text(report.getQueue()),
                report.getYarnApplicationState().name(),
                String.valueOf(report.getFinalApplicationStatus()),
                text(report.getDiagnostics()),
                text(report.getTrackingUrl()));
    }

    private static String text(String value) {
        return value == null || value.equals("N/A") ? "" : value;
    }
}
