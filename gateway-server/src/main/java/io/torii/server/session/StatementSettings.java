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
            SettingCatalog.ENGINE_PROFILE,
            SettingCatalog.ENGINE_TYPE,
            SettingCatalog.ENGINE_IDLE_TIMEOUT,
            SettingCatalog.ENGINE_MAX_LIFETIME);

    private final SettingsResolver resolver;
    private final TimeLimit timeout;
    private final TimeLimit idleTimeout;

    /**
     * @param timeout how long a statement may take
     * @param idleTimeout how long a session may be unused
     */
    public StatementSettings(SettingsResolver resolver, TimeLimit timeout, TimeLimit idleTimeout) {
        this.resolver = requireNonNull(resolver, "resolver");
        this.timeout = requireNonNull(timeout, "timeout");
        this.idleTimeout = requireNonNull(idleTimeout, "idleTimeout");
    }

    /**
     * A statement fit for an engine.
     *
     * @param setting what it sets of the session at the gateway, under its canonical name
     * @param notes for its log
     */
    record Checked(StatementRequest request, Optional<Map.Entry<String, String>> setting, List<String> notes) {}

    /** Fails with INVALID_REQUEST, SETTING_DENIED or SETTING_INVALID. */
    Checked check(LiveSession live, StatementRequest request) {
        if (request.sql().indexOf('\0') >= 0) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST, "The statement holds a NUL character, which no SQL may hold; remove it");
        }
        String user = live.session().user();
        Map<String, String> overlay = Map.of();
        List<String> notes = new ArrayList<>();
        Optional<Duration> asked = request.timeout();
        if (!request.overlay().isEmpty()) {
            ResolvedSettings resolved = resolver.forStatement(user, request.overlay());
            asked = asked.or(new SessionSettings(resolved.values())::statementTimeout);
            overlay = withoutTorii(resolved.values());
            notes.addAll(resolved.notes());
        }
        asked.flatMap(wish -> timeout.remark(SettingCatalog.STATEMENT_TIMEOUT, wish))
                .ifPresent(notes::add);
        Duration limit = timeout.of(asked.or(live.settings()::statementTimeout));
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
        setting.flatMap(this::remark).ifPresent(all::add);
        setting.filter(entry -> PLACES.contains(entry.getKey()))
                .ifPresent(entry -> all.add(entry.getKey() + " takes effect when the session next gets an engine"));
        return new Checked(forEngine(request, assignment, setting), setting, all);
    }

    private Optional<String> remark(Map.Entry<String, String> setting) {
        return switch (setting.getKey()) {
            case SettingCatalog.STATEMENT_TIMEOUT ->
                timeout.remark(setting.getKey(), Duration.parse(setting.getValue()));
            case SettingCatalog.SESSION_IDLE_TIMEOUT ->
                idleTimeout.remark(setting.getKey(), Duration.parse(setting.getValue()));
            default -> Optional.empty();
        };
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
