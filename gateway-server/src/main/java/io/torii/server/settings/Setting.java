package io.torii.server.settings;

import static java.util.Objects.requireNonNull;

import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One of Torii's own settings, with the names that other servers have for it. Immutable.
 *
 * @param name canonical, as sessions hold it
 * @param description one sentence for people
 */
public record Setting(String name, SettingKind kind, String description, List<Alias> aliases) {
    public Setting {
        requireNonNull(name, "name");
        requireNonNull(kind, "kind");
        requireNonNull(description, "description");
        aliases = List.copyOf(aliases);
    }

    /**
     * Another name for the same thing.
     *
     * @param origin whose name it is, for people
     * @param unit what a plain number means, where the value is a duration
     */
    public record Alias(String name, String origin, ChronoUnit unit) {
        public Alias {
            requireNonNull(name, "name");
            requireNonNull(origin, "origin");
            requireNonNull(unit, "unit");
        }
    }
}
