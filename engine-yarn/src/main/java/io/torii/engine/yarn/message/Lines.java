package io.torii.engine.yarn.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Messages as lines of JSON. */
public final class Lines {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private Lines() {}

    /** Without the line's end. */
    public static String write(Object message) {
        try {
            return JSON.writeValueAsString(message);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("cannot be written as JSON: " + message.getClass(), impossible);
        }
    }

    /** Throws an IllegalArgumentException, which does not show the line, if it is none of this kind. */
    public static <T> T read(String line, Class<T> kind) {
        try {
            return JSON.readValue(line, kind);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(
                    "not a " + kind.getSimpleName() + ": " + wrong.getOriginalMessage(), wrong);
        }
    }

    public static JsonNode tree(Object message) {
        return JSON.valueToTree(message);
    }

    /** Throws an IllegalArgumentException if it is none of this kind. */
    public static <T> T read(JsonNode tree, Class<T> kind) {
        return JSON.convertValue(tree, kind);
    }
}
