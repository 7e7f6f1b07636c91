package io.torii.server.frontend.thrift;

import java.util.Locale;
import java.util.Set;

/**
 * Whether a statement that has just been submitted will yield rows, judged by its first word and, after WITH and FROM, by
 * an INSERT that follows: Hive's older clients and ODBC drivers look at the handle, which is made before anyone knows. In
 * doubt it will.
 */
final class ResultExpectation {
    private static final Set<String> SILENT = Set.of(
            "ADD",
            "ALTER",
            "ANALYZE",
            "CACHE",
            "CLEAR",
            "COMMENT",
            "CREATE",
            "DELETE",
            "DROP",
            "GRANT",
            "INSERT",
            "LOAD",
            "LOCK",
            "MERGE",
            "MSCK",
            "REFRESH",
            "REPAIR",
            "REPLACE",
            "RESET",
            "REVOKE",
            "TRUNCATE",
            "UNCACHE",
            "UNLOCK",
            "UPDATE",
            "USE");
    private static final Set<String> PERHAPS_AN_INSERT = Set.of("WITH", "FROM");

    private ResultExpectation() {}

    static boolean of(String sql) {
        int start = first(sql, 0);
        String word = word(sql, start);
        return !SILENT.contains(word) && !(PERHAPS_AN_INSERT.contains(word) && hasInsert(sql, start + word.length()));
    }

    /** Whether INSERT stands outside of brackets, quotes and comments. */
    private static boolean hasInsert(String sql, int from) {
        int depth = 0;
        int at = first(sql, from);
        while (at < sql.length()) {
            char letter = sql.charAt(at);
            int next = at + 1;
            if (letter == '(') {
                depth++;
            } else if (letter == ')') {
                depth--;
            } else if (letter == '\'' || letter == '"' || letter == '`') {
                next = endOfQuote(sql, at);
            } else if (Character.isJavaIdentifierStart(letter)) {
                String word = word(sql, at);
                if (depth == 0 && word.equals("INSERT")) {
                    return true;
                }
                next = at + Math.max(1, word.length());
            }
            at = first(sql, next);
        }
        return false;
    }

    private static int endOfQuote(String sql, int start) {
        char quote = sql.charAt(start);
        for (int at = start + 1; at < sql.length(); at++) {
            if (sql.charAt(at) == '\\' && quote != '`') {
                at++;
            } else if (sql.charAt(at) == quote) {
                return at + 1;
            }
        }
        return sql.length();
    }

    private static String word(String sql, int start) {
        int end = start;
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
            end++;
        }
        return sql.substring(start, end).toUpperCase(Locale.ROOT);
    }

    /** The first character that is neither space nor comment. */
    private static int first(String sql, int from) {
        int at = from;
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
