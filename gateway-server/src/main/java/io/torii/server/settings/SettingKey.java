package io.torii.server.settings;

import java.util.List;
import java.util.Locale;

/** A setting's name without what clients and Hive put before it. */
final class SettingKey {
    private static final List<String> PREFIXES =
            List.of("set:", "hiveconf:", "hivevar:", "system:", "env:", "metaconf:", "sparkconf:", "spark:");

    private SettingKey() {}

    /** Strips prefixes, in any case and however many, and white space. */
    static String bare(String key) {
        String rest = key.strip();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (String prefix : PREFIXES) {
                if (rest.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    rest = rest.substring(prefix.length()).strip();
                    changed = true;
                }
            }
        }
        return rest;
    }
}
