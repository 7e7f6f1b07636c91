package io.torii.server.frontend.thrift;

import java.util.Locale;
import java.util.Set;

/**
 * Whether a statement that has just been submitted will yield rows, judged by its first word: Hive's older clients and
 * ODBC drivers look at the handle, which is made before anyone knows. In doubt it will.
 */
final class ResultExpectation {
    private static final Set<String> SILENT = Set.of(
            "ALTER",
            "ANALYZE",
            "CACHE",
            "CLEAR",
            "COMMENT",
            "CREATE",
            "DROP",
            "GRANT",
            "INSERT",
            "LOAD",
            "MSCK",
            "REFRESH",
            "REPAIR",
            "REVOKE",
            "TRUNCATE",
            "UNCACHE",
            "USE");

    private ResultExpectation() {}

    static boolean of(String sql) {
        int start = first(sql);
        int end = start;
        while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
            end++;
        }
        return !SILENT.contains(sql.substring(start, end).toUpperCase(Locale.ROOT));
    }

    /** The first character that is neither space nor comment. */
    private static int first(String sql) {
        int at = 0;
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                at = end < 0 ? sql.length() : end + 2;
            } else {
                return at;
            }
        }
        return at;
    }
}
