package io.torii.server.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.torii.api.engine.RunningEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** One statement's end, as a JSON object in one line, whatever its texts hold. */
final class AuditLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AuditLine() {}

    /** @param reason what made it the statement's line: {@code statement-closed}, {@code session-ended} and so on */
    static String of(Trace trace, String reason, Instant now) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", now.toString());
        line.put("user", trace.user());
        if (!trace.user().equals(trace.caller().user())) {
            line.put("login", trace.caller().user());
        }
        line.put("session", trace.id().session().toString());
        line.put("statement", trace.id().toString());
        line.put("address", trace.caller().address());
        trace.engine().ifPresent(engine -> putEngine(line, engine));
        line.put("kind", trace.kind());
        trace.text().ifPresent(text -> {
            line.put("sqlDigest", text.digest());
            line.put("sqlLength", text.length());
            text.text().ifPresent(sql -> line.put("sql", sql));
        });
        line.put("state", trace.state().name());
        trace.sqlState().ifPresent(state -> line.put("sqlState", state));
        line.put("reason", reason);
        line.put("submittedMillis", trace.submittedAt().toEpochMilli());
        trace.startedAt().ifPresent(started -> {
            line.put("startedMillis", started.toEpochMilli());
            line.put(
                    "waitedMillis",
                    Math.max(0, Duration.between(trace.submittedAt(), started).toMillis()));
        });
        trace.endedAt().ifPresent(ended -> line.put("endedMillis", ended.toEpochMilli()));
        line.put("pages", trace.pages());
        line.put("bytes", trace.bytes());
        return oneLine(line);
    }

    private static void putEngine(Map<String, Object> line, RunningEngine engine) {
        line.put("cluster", engine.key().cluster());
        line.put("engine", engine.tag().toString());
        line.put("application", engine.applicationId());
    }

    /** JSON may hold a few characters that end lines, or command terminals, for some readers. */
    private static String oneLine(Map<String, Object> line) {
        String json;
        try {
            json = JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers can be written", e);
        }
        StringBuilder safe = new StringBuilder(json.length());
        for (int at = 0; at < json.length(); at++) {
            char letter = json.charAt(at);
            if (isPlain(letter)) {
                safe.append(letter);
            } else {
                safe.append(String.format("\\u%04x", (int) letter));
            }
        }
        return safe.toString();
    }

    private static boolean isPlain(char letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
