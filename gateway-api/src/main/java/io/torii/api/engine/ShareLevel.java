package io.torii.api.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whose sessions share one engine. */
public enum ShareLevel {
    CONNECTION,
    USER,
    GROUP,
    SERVER;

    /** The level of that name, in any case; Kyuubi's {@code SERVER_LOCAL} is our {@code SERVER}. */
    public static Optional<ShareLevel> of(String name) {
        String wanted = name.trim().toUpperCase(Locale.ROOT);
        if (wanted.equals("SERVER_LOCAL")) {
            return Optional.of(SERVER);
        }
        return Arrays.stream(values())
                .filter(level -> level.name().equals(wanted))
                .findFirst();
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
