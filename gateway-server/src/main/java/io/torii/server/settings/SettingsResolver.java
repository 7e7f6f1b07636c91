package io.torii.server.settings;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Turns what clients send into settings under canonical names: prefixes stripped, aliases resolved, denied ones refused,
 * unknown ones left out with a note. Methods fail with SETTING_DENIED or SETTING_INVALID. Immutable, thread-safe.
 */
public final class SettingsResolver {
    private static final Pattern SPARK_KEY = Pattern.compile("spark\\.[A-Za-z0-9._$-]{1,250}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
    private static final int MAX_CHARACTERS = 256 * 1024;
    private static final KeyPatterns HIVE_KEYS_OF_THE_ENGINE = new KeyPatterns(List.of(
            "hive.exec.dynamic.partition",
            "hive.exec.dynamic.partition.mode",
            "hive.exec.max.dynamic.partitions",
            "hive.exec.max.dynamic.partitions.pernode"));

    private final SettingCatalog catalog;
    private final SettingPolicy policy;
    private final LaunchSettings launch;
    private final ShareLevel widestShareLevel;
    private final Set<String> clusters;
    private final Set<String> profiles;
    private final Map<String, String> defaults;

    /**
     * @param widestShareLevel what users get if they do not ask; wider is denied unless the policy allows that setting
     * @param clusters names that a session may choose from, each with those of its profiles besides its own
     * @param defaults what every session starts with; the administrator's, so only aliases are resolved in it
     */
    public SettingsResolver(
            SettingCatalog catalog,
            SettingPolicy policy,
            LaunchSettings launch,
            ShareLevel widestShareLevel,
            Map<String, Set<String>> clusters,
            Map<String, String> defaults) {
        this.catalog = requireNonNull(catalog, "catalog");
        this.policy = requireNonNull(policy, "policy");
        this.launch = requireNonNull(launch, "launch");
        this.widestShareLevel = requireNonNull(widestShareLevel, "widestShareLevel");
        this.clusters = new TreeSet<>(clusters.keySet());
        this.profiles = new TreeSet<>(Set.of(SessionSettings.DEFAULT_PROFILE));
        clusters.values().forEach(profiles::addAll);
        Map<String, String> resolved = new HashMap<>();
        defaults.forEach((key, value) -> resolved.put(
                catalog.find(key).map(named -> named.setting().name()).orElse(key),
                catalog.find(key).map(named -> canonical(named, key, value)).orElse(value)));
        this.defaults = Map.copyOf(resolved);
    }

    /** Resolves what a client sent when it opened a session. */
    public ResolvedSettings forSession(Identity identity, Map<String, String> sent) {
        Resolution resolution = new Resolution(identity.user());
        resolution.addAll(sent);
        Map<String, String> values = new HashMap<>(defaults);
        values.putAll(resolution.values);
        values.put(SessionSettings.GROUPS, SessionSettings.joined(identity.groups()));
        return new ResolvedSettings(values, resolution.database, resolution.notes);
    }

    /** Resolves the settings that come with one statement. */
    public ResolvedSettings forStatement(String user, Map<String, String> sent) {
        Resolution resolution = new Resolution(user);
        resolution.addAll(sent);
        return new ResolvedSettings(resolution.values, "", resolution.notes);
    }

    /**
     * What a SET typed as a statement means to the gateway: one of Torii's settings, to be recorded with the session, or
     * nothing, since it is the engine's.
     */
    public Optional<Map.Entry<String, String>> forAssignment(String user, String key, String value) {
        String bare = SettingKey.bare(key);
        Optional<SettingCatalog.Named> known = catalog.find(bare);
        if (known.isPresent()) {
            String name = known.get().setting().name();
            String canonical = checked(name, bare, canonical(known.get(), bare, value));
            return Optional.of(Map.entry(name, canonical));
        }
        checkProxyUser(user, bare, value);
        policy.check(bare);
        if (isTorii(bare)) {
            throw unknownTorii(bare);
        }
        return Optional.empty();
    }

    /** Why a SET of this key changes nothing, if it is a name of another server that Torii does not know. */
    public Optional<String> noteOn(String key) {
        String bare = SettingKey.bare(key);
        boolean foreign = bare.startsWith("kyuubi.") || bare.startsWith("hive.server2.");
        return catalog.find(bare).isEmpty()
                        && (foreign || catalog.withoutEffect(bare).isPresent())
                ? Optional.of(ignored(bare))
                : Optional.empty();
    }

    private String canonical(SettingCatalog.Named named, String key, String value) {
        try {
            return named.canonical(value);
        } catch (IllegalArgumentException problem) {
            throw new GatewayException(
                    ErrorCode.SETTING_INVALID,
                    "Setting " + key + " is '" + SettingPolicy.printable(value) + "' (expected: " + problem.getMessage()
                            + ")",
                    problem);
        }
    }

    private String checked(String name, String key, String value) {
        if (name.equals(SettingCatalog.CLUSTER) && !clusters.contains(value)) {
            throw new GatewayException(
                    ErrorCode.SETTING_INVALID,
                    "Setting " + key + " is '" + value + "', and there is no such cluster (expected: "
                            + String.join(", ", clusters) + ")");
        }
        if (name.equals(SettingCatalog.ENGINE_PROFILE) && !profiles.contains(value)) {
            throw new GatewayException(
                    ErrorCode.SETTING_INVALID,
                    "Setting " + key + " is '" + value + "', and no cluster has such a profile (expected: "
                            + String.join(", ", profiles) + ")");
        }
        // an engine that is shared more widely runs as somebody else
        if (name.equals(SettingCatalog.SHARE_LEVEL)
                && ShareLevel.of(value).orElseThrow().compareTo(widestShareLevel) > 0
                && !policy.allows(name)) {
            throw new GatewayException(
                    ErrorCode.SETTING_DENIED,
                    "Setting " + key + " may not be " + value + ": users may narrow the share level "
                            + widestShareLevel.label() + ", not widen it; an administrator can allow it by listing "
                            + name + " in settings.user-may-set");
        }
        return value;
    }

    private static void checkProxyUser(String user, String key, String value) {
        if (ProxyUserSetting.isNamed(key) && !value.strip().equals(user)) {
            throw new GatewayException(
                    ErrorCode.SETTING_DENIED,
                    "Setting " + key + " may not name another user than the session's, who is " + user
                            + ": whom a session is for is decided when it is opened");
        }
    }

    private GatewayException unknownTorii(String key) {
        return new GatewayException(
                ErrorCode.SETTING_INVALID,
                "There is no setting " + SettingPolicy.printable(key) + " (nearest: " + catalog.nearest(key) + ")");
    }

    private String ignored(String key) {
        return "Setting " + SettingPolicy.printable(key) + " is ignored: "
                + catalog.withoutEffect(key).orElse("Torii does not know it");
    }

    private static boolean isTorii(String key) {
        return key.regionMatches(true, 0, "torii.", 0, 6);
    }

    /** One pass over what was sent. */
    private final class Resolution {
        private final String user;
        private final Map<String, String> values = new HashMap<>();
        private final Map<String, String> airflow = new HashMap<>();
        private final List<String> notes = new ArrayList<>();
        private String database = "";

        Resolution(String user) {
            this.user = user;
        }

        void addAll(Map<String, String> sent) {
            checkSize(sent);
            Map<String, String> canonical = new HashMap<>();
            new TreeMap<>(sent).forEach((key, value) -> {
                String bare = SettingKey.bare(key);
                if (catalog.find(bare)
                        .filter(named -> named.setting().name().equalsIgnoreCase(bare))
                        .isPresent()) {
                    canonical.put(bare, value);
                } else {
                    add(bare, value);
                }
            });
            canonical.forEach(this::add);
            if (airflow.containsKey("dag_id")) {
                String job = airflow.get("dag_id") + "." + airflow.getOrDefault("task_id", "");
                values.putIfAbsent(SettingCatalog.WORKLOAD, job.replaceAll("\\p{Cntrl}", "?"));
            }
        }

        private static void checkSize(Map<String, String> sent) {
            long characters = sent.entrySet().stream()
                    .mapToLong(entry ->
                            (long) entry.getKey().length() + entry.getValue().length())
                    .sum();
            if (characters > MAX_CHARACTERS) {
                throw new GatewayException(
                        ErrorCode.SETTING_INVALID,
                        "The settings have " + characters + " characters in all (expected: at most " + MAX_CHARACTERS
                                + ")");
            }
        }

        private void add(String key, String value) {
            Optional<SettingCatalog.Named> known = catalog.find(key);
            if (known.isPresent()) {
                String name = known.get().setting().name();
                values.put(name, checked(name, key, canonical(known.get(), key, value)));
            } else if (key.equals("use:database")) {
                database = value;
            } else if (key.equals("use:catalog")) {
                values.put("spark.sql.defaultCatalog", value);
            } else if (key.startsWith("airflow.ctx.")) {
                airflow.put(key.substring("airflow.ctx.".length()), value);
            } else {
                addForeign(key, value);
            }
        }

        private void addForeign(String key, String value) {
            checkProxyUser(user, key, value);
            policy.check(key);
            if (isTorii(key)) {
                throw unknownTorii(key);
            }
            if (key.startsWith("spark.")) {
                values.put(key, engineValue(key, value));
            } else if (HIVE_KEYS_OF_THE_ENGINE.match(key)
                    || VARIABLE.matcher(key).matches()) {
                values.put(key, value);
            } else if (!ProxyUserSetting.isNamed(key)) {
                notes.add(ignored(key));
            }
        }

        private String engineValue(String key, String value) {
            if (!SPARK_KEY.matcher(key).matches()) {
                throw new GatewayException(
                        ErrorCode.SETTING_INVALID,
                        "Setting " + SettingPolicy.printable(key)
                                + " has a name that no setting has (expected: letters, digits, '.', '_' and '-')");
            }
            if (SettingKind.hasControlCharacters(value) || !launch.accepts(key, value)) {
                throw new GatewayException(
                        ErrorCode.SETTING_INVALID,
                        "Setting " + key + " is '" + SettingPolicy.printable(value) + "' (expected: "
                                + (launch.isListed(key) ? "a number, size or word" : "a text without line breaks")
                                + ")");
            }
            return value;
        }
    }
}
