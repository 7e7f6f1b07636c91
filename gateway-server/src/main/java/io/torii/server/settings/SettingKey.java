package io.torii.server.settings;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A setting's name without what clients and Hive put before it. */
final class SettingKey {
    private static final Pattern EDGES = Pattern.compile("^[\\p{Cc}\\p{Z}]+|[\\p{Cc}\\p{Z}]+$");
    private static final List<String> PREFIXES =
            List.of("set:", "hiveconf:", "hivevar:", "system:", "env:", "metaconf:", "sparkconf:", "spark:");

    private SettingKey() {}

    /** Strips prefixes, in any case and however many, white space and, since Hadoop does, control characters. */
    static String bare(String key) {
        String rest = EDGES.matcher(key).replaceAll("");
        boolean changed = true;
        while (changed) {
            changed = false;
            for (String prefix : PREFIXES) {
                if (rest.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    rest = EDGES.matcher(rest.substring(prefix.length())).replaceAll("");
                    changed = true;
                }
            }
        }
        return rest;
    }
}
