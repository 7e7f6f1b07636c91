package io.torii.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one record, so that its constructor can say all of it at once. Not thread-safe. */
final class Checks {
    private final List<ConfigProblem> problems = new ArrayList<>();

    Checks that(boolean holds, String key, String otherwise) {
        if (!holds) {
            problems.add(new ConfigProblem("", key, otherwise));
        }
        return this;
    }

    Checks port(String key, int port) {
        return that(port >= 0 && port <= 65535, key, "is " + port + ", expected a port: 0 (any free one) to 65535");
    }

    Checks filled(String key, String text) {
        return that(!text.isBlank(), key, "is empty");
    }

    Checks atLeast(String key, long least, long value) {
        return that(value >= least, key, "is " + value + ", expected " + least + " or more");
    }

    Checks positive(String key, Duration value) {
        return that(value.compareTo(Duration.ZERO) > 0, key, "is " + Texts.of(value) + ", expected more than 0s");
    }

    Checks notNegative(String key, Duration value) {
        return that(!value.isNegative(), key, "is " + Texts.of(value) + ", expected 0s (none) or more");
    }

    Checks sized(String key, DataSize least, DataSize value) {
        return that(value.bytes() >= least.bytes(), key, "is " + value + ", expected " + least + " or more");
    }

    /** Throws if anything was wrong. */
    void done() {
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }
}
