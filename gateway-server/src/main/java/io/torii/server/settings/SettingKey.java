package io.torii.server.settings;

import java.util.List;

/** A setting's name without what clients and Hive put before it. */
final class SettingKey {
    private static final List<String> PREFIXES =
            List.of("set:", "hiveconf:", "hivevar:", "system:", "env:", "metaconf:", "sparkconf:", "spark:");

    private SettingKey() {}

    /**
     * Strips prefixes, in any case and however many, white space and, since Hadoop does, control characters. Looks at each
     * character once, whatever the key: a client may send one of megabytes.
     */
    static String bare(String key) {
        int end = key.length();
        while (end > 0 && isEdge(key.charAt(end - 1))) {
            end--;
        }
        int start = 0;
        for (int next = afterEdgeOrPrefix(key, start); next > start; next = afterEdgeOrPrefix(key, start)) {
            start = next;
        }
        return key.substring(Math.min(start, end), end);
    }

    private static int afterEdgeOrPrefix(String key, int start) {
        if (start < key.length() && isEdge(key.charAt(start))) {
            return start + 1;
        }
        for (String prefix : PREFIXES) {
            if (key.regionMatches(true, start, prefix, 0, prefix.length())) {
                return start + prefix.length();
            }
        }
        return start;
    }

    private static boolean isEdge(char character) {
        return Character.isISOControl(character) || Character.isSpaceChar(character);
    }
}
