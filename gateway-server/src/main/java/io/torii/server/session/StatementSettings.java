package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.settings.ResolvedSettings;
import io.torii.server.settings.SessionSettings;
import io.torii.server.settings.SetStatement;
import io.torii.server.settings.SettingCatalog;
import io.torii.server.settings.SettingsResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks what a statement sets: by SET, and by the settings that come with it. Immutable, thread-safe. */
public final class StatementSettings {
    private static final Set<String> PLACES = Set.of(
            SettingCatalog.CLUSTER,
            SettingCatalog.QUEUE,
            SettingCatalog.SHARE_LEVEL,
            SettingCatalog.SUBDOMAIN,
            SettingCatalog.ENGINE_TYPE,
            SettingCatalog.ENGINE_IDLE_TIMEOUT,
            SettingCatalog.ENGINE_MAX_LIFETIME);

    private final SettingsResolver resolver;
    private final Duration defaultTimeout;

    /** @param defaultTimeout for statements of which neither they nor their session say; zero is for ever */
    public StatementSettings(SettingsResolver resolver, Duration defaultTimeout) {
        this.resolver = requireNonNull(resolver, "resolver");
        this.defaultTimeout = requireNonNull(defaultTimeout, "defaultTimeout");
    }

    /**
     * A statement fit for an engine.
     *
     * @param setting what it sets of the session at the gateway, under its canonical name
     * @param notes for its log
     */
    record Checked(StatementRequest request, Optional<Map.Entry<String, String>> setting, List<String> notes) {}

    /** Fails with SETTING_DENIED or SETTING_INVALID. */
    Checked check(LiveSession live, StatementRequest request) {
        String user = live.session().user();
        Map<String, String> overlay = Map.of();
        List<String> notes = List.of();
        Optional<Duration> timeout = request.timeout();
        if (!request.overlay().isEmpty()) {
            ResolvedSettings resolved = resolver.forStatement(user, request.overlay());
            timeout = timeout.or(new SessionSettings(resolved.values())::statementTimeout);
            overlay = withoutTorii(resolved.values());
            notes = resolved.notes();
        }
        Duration limit = timeout.or(live.settings()::statementTimeout).orElse(defaultTimeout);
        Optional<Duration> positive = Optional.of(limit).filter(duration -> !duration.isZero());
        Optional<SetStatement> set = SetStatement.of(request.sql());
        if (set.isPresent()) {
            return checkSet(user, new StatementRequest(request.sql(), overlay, positive), set.get(), notes);
        }
        return new Checked(new StatementRequest(request.sql(), overlay, positive), Optional.empty(), notes);
    }

    private Checked checkSet(String user, StatementRequest request, SetStatement set, List<String> notes) {
        if (!(set instanceof SetStatement.Assignment assignment)) {
            throw new GatewayException(
                    ErrorCode.SETTING_DENIED,
                    "A variable stands where it decides what the statement does; write the statement's first word, and"
                            + " what SET sets, in full");
        }
        Optional<Map.Entry<String, String>> setting =
                resolver.forAssignment(user, assignment.key(), assignment.value());
        List<String> all = new ArrayList<>(notes);
        resolver.noteOn(assignment.key()).ifPresent(all::add);
        setting.filter(entry -> PLACES.contains(entry.getKey()))
                .ifPresent(entry -> all.add(entry.getKey() + " takes effect when the session next gets an engine"));
        return new Checked(forEngine(request, assignment, setting), setting, all);
    }

    /** Spark refuses to set at run time what it reads at start, even where it means nothing to it any more. */
    private static StatementRequest forEngine(
            StatementRequest request, SetStatement.Assignment assignment, Optional<Map.Entry<String, String>> setting) {
        return setting.filter(entry -> assignment.key().startsWith("spark."))
                .map(entry -> new StatementRequest(
                        "SET " + entry.getKey() + "=" + entry.getValue(), request.overlay(), request.timeout()))
                .orElse(request);
    }

    private static Map<String, String> withoutTorii(Map<String, String> values) {
        Map<String, String> rest = new HashMap<>(values);
        rest.keySet().removeIf(key -> key.startsWith("torii."));
        return rest;
    }
}
