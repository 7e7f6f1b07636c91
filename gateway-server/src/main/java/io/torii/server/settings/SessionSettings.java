package io.torii.server.settings;

import io.torii.api.engine.ShareLevel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A session's resolved settings, read by type. Immutable, thread-safe. */
public record SessionSettings(Map<String, String> values) {
    /** The user's groups when the session was opened, so that every gateway places its work alike. */
    static final String GROUPS = "torii.user.groups";

    /** What sessions call the cluster's own profile. */
    public static final String DEFAULT_PROFILE = "default";

    private static final String GROUP_SEPARATOR = "\n";

    public SessionSettings {
        values = Map.copyOf(values);
    }

    public Optional<String> cluster() {
        return Optional.ofNullable(values.get(SettingCatalog.CLUSTER));
    }

    public Optional<String> queue() {
        return Optional.ofNullable(values.get(SettingCatalog.QUEUE));
    }

    public Optional<ShareLevel> shareLevel() {
        return Optional.ofNullable(values.get(SettingCatalog.SHARE_LEVEL)).flatMap(ShareLevel::of);
    }

    public Optional<String> subdomain() {
        return Optional.ofNullable(values.get(SettingCatalog.SUBDOMAIN));
    }

    public String engineType() {
        return values.getOrDefault(SettingCatalog.ENGINE_TYPE, "spark");
    }

    /** The name of one of the cluster's profiles; empty for the cluster's own. */
    public String profile() {
        String asked = values.getOrDefault(SettingCatalog.ENGINE_PROFILE, DEFAULT_PROFILE);
        return asked.equals(DEFAULT_PROFILE) ? "" : asked;
    }

    /** Empty if the session does not say; zero is for ever. */
    public Optional<Duration> idleTimeout() {
        return duration(SettingCatalog.SESSION_IDLE_TIMEOUT);
    }

    /** Empty if the session does not say; zero is for ever. */
    public Optional<Duration> statementTimeout() {
        return duration(SettingCatalog.STATEMENT_TIMEOUT);
    }

    public String workload() {
        return values.getOrDefault(SettingCatalog.WORKLOAD, "");
    }

    /** Sorted. */
    public Set<String> groups() {
        String groups = values.getOrDefault(GROUPS, "");
        return Arrays.stream(groups.split(GROUP_SEPARATOR))
                .filter(group -> !group.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static String joined(Set<String> groups) {
        return String.join(GROUP_SEPARATOR, new TreeSet<>(groups));
    }

    private Optional<Duration> duration(String key) {
        return Optional.ofNullable(values.get(key)).map(Duration::parse);
    }
}
