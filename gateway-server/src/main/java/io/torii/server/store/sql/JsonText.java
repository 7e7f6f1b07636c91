package io.torii.server.store.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.torii.api.session.StatementFailure;
import java.util.Map;
import java.util.TreeMap;

/** Values that no query looks into, as JSON in one column. */
final class JsonText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> SETTINGS = new TypeReference<>() {};

    private JsonText() {}

    static String of(Map<String, String> settings) {
        return write(new TreeMap<>(settings));
    }

    static Map<String, String> settings(String json) {
        try {
            return JSON.readValue(json, SETTINGS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Settings in the store are not readable", e);
        }
    }

    static String of(StatementFailure failure) {
        return write(failure);
    }

    static StatementFailure failure(String json) {
        try {
            return JSON.readValue(json, StatementFailure.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A failure in the store is not readable", e);
        }
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot be written as JSON: " + value.getClass(), e);
        }
    }
}
