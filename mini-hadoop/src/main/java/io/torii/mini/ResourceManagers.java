package io.torii.mini;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The one resource manager of a mini Hadoop, or a pair of which ZooKeeper says who is active: where they are, and what the active
 * one answers. Thread-safe.
 */
final class ResourceManagers {
    /** How many ports one has. */
    static final int PORTS = 5;

    private static final List<String> SERVICES = List.of("webapp", "", "scheduler", "resource-tracker", "admin");
    private static final String RECOVERY = "org.apache.hadoop.yarn.server.resourcemanager.recovery.";
    private static final Pattern ACTIVE = Pattern.compile("\"haState\":\"ACTIVE\"");
    private static final Pattern APPLICATION = Pattern.compile("\"id\":\"(application_\\d+_\\d+)\"");
    private static final Pattern NEW_APPLICATION = Pattern.compile("\"application-id\":\"(application_\\d+_\\d+)\"");
    private static final Pattern TAGS = Pattern.compile("\"applicationTags\":\"([^\"]*)\"");
    private static final Pattern FINISHED = Pattern.compile("\"finishedTime\":(\\d+)");
    private static final Pattern ACTIVE_NODES = Pattern.compile("\"activeNodes\":(\\d+)");

    private final String host;
    private final List<Integer> ports;
    private final Pages pages = new Pages();

    /** @param ports those of one, or of two */
    ResourceManagers(String host, List<Integer> ports) {
        this.host = host;
        this.ports = List.copyOf(ports);
    }

    private boolean isPair() {
        return ports.size() > PORTS;
    }

    /** Their names: of the daemons, and in the site files of a pair. */
    List<String> ids() {
        return isPair() ? List.of("rm1", "rm2") : List.of("resourcemanager");
    }

    /** What the program of one is called with. */
    List<String> arguments(String id) {
        return isPair() ? List.of("-D", "yarn.resourcemanager.ha.id=" + id) : List.of();
    }

    /** What {@code yarn-site.xml} says of where they are, and that they remember. */
    Map<String, String> site() {
        Map<String, String> site = new TreeMap<>();
        site.put("yarn.resourcemanager.recovery.enabled", "true");
        site.put(
                "yarn.resourcemanager.store.class",
                RECOVERY + (isPair() ? "ZKRMStateStore" : "FileSystemRMStateStore"));
        if (isPair()) {
            site.put("yarn.resourcemanager.ha.enabled", "true");
            site.put("yarn.resourcemanager.ha.rm-ids", String.join(",", ids()));
            site.put("yarn.resourcemanager.cluster-id", "mini");
        }
        for (int i = 0; i < ids().size(); i++) {
            String suffix = isPair() ? "." + ids().get(i) : "";
            site.put("yarn.resourcemanager.hostname" + suffix, host);
            for (int service = 0; service < PORTS; service++) {
                String name = SERVICES.get(service);
                site.put(
                        "yarn.resourcemanager." + (name.isEmpty() ? "" : name + ".") + "address" + suffix,
                        host + ":" + ports.get(i * PORTS + service));
            }
        }
        return site;
    }

    /** The web address of the active one; empty while none is. */
    Optional<URI> active() {
        return webs().filter(this::isActive).findFirst();
    }

    /** The name of the active one; empty while none is. */
    Optional<String> activeId() {
        return ids().stream().filter(id -> isActive(web(ids().indexOf(id)))).findFirst();
    }

    private boolean isActive(URI web) {
        return pages.get(web.resolve("/ws/v1/cluster/info")).stream()
                .anyMatch(page -> ACTIVE.matcher(page).find());
    }

    List<String> applicationsOf(String user) {
        return ask("apps?states=NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING&user=" + user, APPLICATION)
                .toList();
    }

    List<String> tagsOf(String application) {
        return ask("apps/" + application, TAGS)
                .flatMap(tags -> Stream.of(tags.split(",")))
                .toList();
    }

    /** Submits an application with these tags, that does nothing; its id. */
    String submit(List<String> tags) {
        URI applications = active().orElseThrow().resolve("/ws/v1/cluster/apps");
        String id = found(NEW_APPLICATION, pages.post(URI.create(applications + "/new-application"), ""))
                .findFirst()
                .orElseThrow();
        String application =
                """
                {"application-id": "%s", "application-name": "copy", "application-type": "YARN",
                 "application-tags": {"tag": ["%s"]}, "am-container-spec": {"commands": {"command": "sleep 60"}},
                 "resource": {"memory": 64, "vCores": 1}}
                """
                        .formatted(id, String.join("\", \"", tags));
        pages.post(applications, application);
        return id;
    }

    /** In milliseconds since 1970; zero while it runs, and if there is none. */
    long finishedMillis(String application) {
        return ask("apps/" + application, FINISHED)
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    /** Negative if none answers. */
    int activeNodes() {
        return ask("metrics", ACTIVE_NODES)
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(-1);
    }

    /** One that stands by sends elsewhere whoever asks, so that only the active one answers. */
    private Stream<String> ask(String question, Pattern pattern) {
        return webs().flatMap(web -> found(pattern, pages.get(web.resolve("/ws/v1/cluster/" + question))));
    }

    private static Stream<String> found(Pattern pattern, Optional<String> page) {
        return page.stream().flatMap(text -> pattern.matcher(text).results()).map(result -> result.group(1));
    }

    private Stream<URI> webs() {
        List<URI> webs = new ArrayList<>();
        for (int i = 0; i < ids().size(); i++) {
            webs.add(web(i));
        }
        return webs.stream();
    }

    private URI web(int index) {
        return URI.create("http://" + host + ":" + ports.get(index * PORTS));
    }
}
