package io.torii.server.config;

import java.util.List;

/** What users may set. Immutable. */
public record SettingsConfig(
        @Doc("Settings that are denied to users unless they are listed here; a trailing `*` stands for any end")
                @Default("[]")
                List<String> userMaySet) {
    public SettingsConfig {
        userMaySet = List.copyOf(userMaySet);
    }
}
