package io.torii.spark.session;

import io.torii.wire.HeaderText;
import io.torii.wire.WireProtocol;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lines of a session's journal, in order, of which no gateway has said that the store has them. They are told with every end
 * of a statement until one has. Not thread-safe: its session's lock guards it.
 */
final class UnstoredLines {
    /** What a line's statement takes before it, and a comma after it. */
    static final int OVERHEAD = 38;

    private final Map<String, String> lines = new LinkedHashMap<>();

    boolean isEmpty() {
        return lines.isEmpty();
    }

    void add(Statement statement) {
        lines.put(statement.id(), statement.text());
    }

    void stored(Collection<String> statements) {
        lines.keySet().removeAll(statements);
    }

    /** As the header has it: the first ones, as many as fit. */
    Optional<String> told() {
        StringBuilder told = new StringBuilder();
        for (Map.Entry<String, String> line : lines.entrySet()) {
            String encoded = HeaderText.encode(line.getValue());
            if (told.length() + encoded.length() + OVERHEAD > WireProtocol.MAX_HEADER_LENGTH) {
                break;
            }
            told.append(told.length() == 0 ? "" : ",")
                    .append(line.getKey())
                    .append(':')
                    .append(encoded);
        }
        return told.length() == 0 ? Optional.empty() : Optional.of(told.toString());
    }
}
