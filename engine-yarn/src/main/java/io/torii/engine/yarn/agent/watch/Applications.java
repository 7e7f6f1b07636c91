package io.torii.engine.yarn.agent.watch;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.ResourceManager;
import io.torii.engine.yarn.message.AgentFailure;
import io.torii.engine.yarn.message.ApplicationRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;

/**
 * The applications that gateways of this deployment have submitted, which have its tag and that of their launch. Tags can be
 * seen, and whoever may submit can copy them; since a tag is submitted once, the application that the ResourceManager took
 * first is the one, whatever ids others have chosen. Thread-safe.
 */
public final class Applications {
    private static final String LAUNCH_TAG = "torii-[0-9a-f]{32}";
    private static final int MOST_REMEMBERED = 10_000;
    private static final EnumSet<YarnApplicationState> ALIVE = EnumSet.of(
            YarnApplicationState.NEW,
            YarnApplicationState.NEW_SAVING,
            YarnApplicationState.SUBMITTED,
            YarnApplicationState.ACCEPTED,
            YarnApplicationState.RUNNING);

    private final ResourceManager manager;
    private final String deployment;
    /** By launch tags. The ResourceManager finds an application by its id at once, and by a tag among all that it has. */
    private final Map<String, ApplicationId> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ApplicationId> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    public Applications(ResourceManager manager, String deployment) {
        this.manager = manager;
        this.deployment = deployment;
    }

    /** Whoever has submitted it says so. */
    public void submitted(String tag, ApplicationId id) {
        synchronized (known) {
            known.put(tag, id);
        }
    }

    /** The application of this launch, alive or not. */
    public Optional<ApplicationRow> find(String tag) throws AgentException {
        Optional<ApplicationId> id = idOf(tag);
        Optional<ApplicationReport> report = id.isPresent() ? report(id.get()) : Optional.empty();
        if (report.isPresent()) {
            return report.map(Applications::row);
        }
        Optional<ApplicationReport> first = reports(tag, EnumSet.allOf(YarnApplicationState.class)).stream()
                .filter(one -> tag(one).equals(tag))
                .min(Comparator.comparingLong(ApplicationReport::getStartTime)
                        .thenComparing(ApplicationReport::getApplicationId));
        first.ifPresent(one -> submitted(tag, one.getApplicationId()));
        return first.map(Applications::row);
    }

    /** Those that have not ended, one for each tag. */
    public List<ApplicationRow> live() throws AgentException {
        List<ApplicationRow> live = new ArrayList<>();
        for (ApplicationReport report : reports(deployment, ALIVE)) {
            Optional<ApplicationId> id = idOf(tag(report));
            if (id.isEmpty()) {
                id = find(tag(report)).map(found -> ApplicationId.fromString(found.id()));
            }
            if (id.filter(report.getApplicationId()::equals).isPresent()) {
                live.add(row(report));
            }
        }
        return live;
    }

    /**
     * Returns it as it was before. It is killed as its own user, who may do that whatever the queues' rules are; as the agent
     * itself if the cluster lets it no longer act for that user.
     */
    public Optional<ApplicationRow> kill(String tag) throws AgentException {
        Optional<ApplicationRow> found = find(tag);
        if (found.isPresent() && found.get().alive()) {
            kill(found.get());
        }
        return found;
    }

    private void kill(ApplicationRow application) throws AgentException {
        try {
            killAs(application.user(), application);
        } catch (AgentException refused) {
            if (refused.kind() != AgentFailure.Kind.REFUSED) {
                throw refused;
            }
            try {
                killAs("", application);
            } catch (AgentException again) {
                refused.addSuppressed(again);
                throw refused;
            }
        }
    }

    private void killAs(String user, ApplicationRow application) throws AgentException {
        manager.askAs(user, client -> {
            client.killApplication(ApplicationId.fromString(application.id()));
            return application;
        });
    }

    private Optional<ApplicationId> idOf(String tag) {
        synchronized (known) {
            return Optional.ofNullable(known.get(tag));
        }
    }

    /** Empty if the ResourceManager has forgotten it. */
    private Optional<ApplicationReport> report(ApplicationId id) throws AgentException {
        return manager.ask(client -> {
            try {
                return Optional.of(client.getApplicationReport(id));
            } catch (ApplicationNotFoundException forgotten) {
                return Optional.empty();
            }
        });
    }

    private List<ApplicationReport> reports(String tag, EnumSet<YarnApplicationState> states) throws AgentException {
        GetApplicationsRequest request = GetApplicationsRequest.newInstance();
        request.setApplicationTags(Set.of(tag));
        request.setApplicationStates(states);
        return manager.ask(client -> client.getApplications(request)).stream()
                .filter(report -> !tag(report).isEmpty())
                .toList();
    }

    /** Its launch's; empty if it has none of ours, or several, as ours have not. */
    private static String tag(ApplicationReport report) {
        List<String> tags = report.getApplicationTags().stream()
                .filter(tag -> tag.matches(LAUNCH_TAG))
                .toList();
        return tags.size() == 1 ? tags.get(0) : "";
    }

    private static ApplicationRow row(ApplicationReport report) {
        return new ApplicationRow(
                tag(report),
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
