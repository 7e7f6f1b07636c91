package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.engine.EngineSession;
import io.torii.server.settings.LaunchSettings;
import io.torii.server.settings.SessionSettings;
import io.torii.server.settings.SettingCatalog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Derives the engine that a session needs, and what that engine needs to know of the session. Immutable, thread-safe. */
public final class EngineSpecs {
    private static final int FINGERPRINT_LENGTH = 12;
    private static final Set<String> TORII_KEYS_OF_THE_SESSION = Set.of(
            SettingCatalog.SESSION_NAME,
            SettingCatalog.SESSION_IDLE_TIMEOUT,
            SettingCatalog.FETCH_SIZE,
            SettingCatalog.HIVE_SHOW_TABLES,
            SettingCatalog.WORKLOAD);
    private static final Set<String> TORII_KEYS_OF_THE_ENGINE =
            Set.of(SettingCatalog.ENGINE_IDLE_TIMEOUT, SettingCatalog.ENGINE_MAX_LIFETIME);

    private final LaunchSettings launch;
    private final ShareLevel shareLevel;
    private final String serviceUser;
    private final Map<String, String> engineDefaults;
    private final Map<String, Set<String>> profiles;

    /**
     * @param shareLevel for sessions that do not say
     * @param serviceUser whom engines that all users share run as
     * @param engineDefaults {@code torii.engine.…} and {@code spark.…} settings of every engine
     * @param profiles the names of each cluster's profiles besides its own
     */
    public EngineSpecs(
            LaunchSettings launch,
            ShareLevel shareLevel,
            String serviceUser,
            Map<String, String> engineDefaults,
            Map<String, Set<String>> profiles) {
        this.launch = requireNonNull(launch, "launch");
        this.shareLevel = requireNonNull(shareLevel, "shareLevel");
        this.serviceUser = requireNonNull(serviceUser, "serviceUser");
        this.engineDefaults = Map.copyOf(engineDefaults);
        this.profiles = Map.copyOf(profiles);
    }

    /**
     * Fails with PLACEMENT_REFUSED if the share level is group and the user has none, or if the cluster has no such profile
     * as the session wants.
     */
    EngineSpec specFor(Session session, String cluster) {
        SessionSettings settings = new SessionSettings(session.settings());
        ShareLevel level = settings.shareLevel().orElse(shareLevel);
        String identity = identity(session, settings, level);
        Map<String, String> shaping = launch.of(session.settings());
        EngineKey key = new EngineKey(
                cluster,
                settings.engineType(),
                profile(settings, cluster),
                level,
                identity,
                settings.queue().orElse(""),
                settings.subdomain().orElse("default"),
                fingerprint(shaping));
        Map<String, String> values = new HashMap<>(engineDefaults);
        values.putAll(shaping);
        if (level == ShareLevel.CONNECTION || level == ShareLevel.USER) {
            TORII_KEYS_OF_THE_ENGINE.forEach(
                    name -> Optional.ofNullable(session.settings().get(name))
                            .ifPresent(asked -> values.put(name, withinDefault(name, asked))));
        }
        return new EngineSpec(key, key.owner(session.user()), session.user(), values);
    }

    /** What makes an engine end is its user's own business, but no engine lasts longer than the administrator wants. */
    private String withinDefault(String name, String asked) {
        Duration limit = Duration.parse(engineDefaults.getOrDefault(name, "PT0S"));
        return new TimeLimit(limit, false)
                .of(Optional.of(Duration.parse(asked)))
                .toString();
    }

    /** The session as its engine is to know it: without what shaped the engine, or is none of its business. */
    EngineSession sessionFor(Session session, List<String> journal) {
        Map<String, String> values = new HashMap<>();
        session.settings().forEach((name, value) -> {
            boolean ours = name.startsWith("torii.");
            if (ours ? TORII_KEYS_OF_THE_SESSION.contains(name) : !launch.isListed(name)) {
                values.put(name, value);
            }
        });
        return new EngineSession(
                session.id(), session.user(), session.protocolVersion(), values, session.database(), journal);
    }

    private String profile(SessionSettings settings, String cluster) {
        String wanted = settings.profile();
        Set<String> known = profiles.getOrDefault(cluster, Set.of());
        if (!wanted.isEmpty() && !known.contains(wanted)) {
            Set<String> names = new TreeSet<>(known);
            names.add(SessionSettings.DEFAULT_PROFILE);
            throw new GatewayException(
                    ErrorCode.PLACEMENT_REFUSED,
                    "Cluster " + cluster + " has no profile " + wanted + "; choose one by "
                            + SettingCatalog.ENGINE_PROFILE + " (known: " + String.join(", ", names) + ")");
        }
        return wanted;
    }

    private String identity(Session session, SessionSettings settings, ShareLevel level) {
        return switch (level) {
            case CONNECTION -> session.id().toString();
            case USER -> session.user();
            case SERVER -> serviceUser;
            case GROUP ->
                settings.groups().stream()
                        .findFirst()
                        .orElseThrow(() -> new GatewayException(
                                ErrorCode.PLACEMENT_REFUSED,
                                "Engines are shared by groups, and user " + session.user() + " is in none; set "
                                        + SettingCatalog.SHARE_LEVEL + "=user"));
        };
    }

    private static String fingerprint(Map<String, String> sorted) {
        if (sorted.isEmpty()) {
            return "";
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            sorted.forEach((name, value) -> {
                digest.update(
                        (name.length() + ":" + name + value.length() + ":" + value).getBytes(StandardCharsets.UTF_8));
            });
            return HexFormat.of().formatHex(digest.digest()).substring(0, FINGERPRINT_LENGTH);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
