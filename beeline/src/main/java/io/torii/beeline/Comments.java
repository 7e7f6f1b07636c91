package io.torii.beeline;

/** Comments in SQL, which Hive's Beeline would otherwise end statements in, or skip statements with. */
public final class Comments {
    private final String sql;
    private final StringBuilder kept = new StringBuilder();
    private int position;
    private boolean atLineStart = true;
    private boolean atStatementStart = true;

    private Comments(String sql) {
        this.sql = sql;
    }

    /**
     * The same SQL, on the same lines, without its comments. Hints stay, and so do lines that start with {@code !}:
     * they are for Beeline. From a comment or a string that does not end, everything stays, for the engine to complain.
     */
    public static String remove(String sql) {
        return new Comments(sql).remove();
    }

    private String remove() {
        while (position < sql.length()) {
            char next = sql.charAt(position);
            if (sql.startsWith("--", position) || (atLineStart && next == '#')) {
                position = endOfLine();
            } else if (sql.startsWith("/*", position) && !sql.startsWith("/*+", position)) {
                int end = endOfComment();
                if (end < 0) {
                    keepUntil(sql.length());
                } else {
                    kept.append(' ').append(sql.substring(position, end).replaceAll("[^\n]", ""));
                    position = end;
                }
            } else if (atLineStart && atStatementStart && next == '!') {
                keepUntil(endOfLine());
            } else if (next == '\'' || next == '"' || next == '`') {
                keepUntil(endOfQuoted(next));
                atLineStart = false;
                atStatementStart = false;
            } else {
                keepUntil(position + 1);
                atLineStart = next == '\n' || (atLineStart && Character.isWhitespace(next));
                atStatementStart = next == ';' || (atStatementStart && Character.isWhitespace(next));
            }
        }
        return kept.toString();
    }

    private void keepUntil(int end) {
        kept.append(sql, position, end);
        position = end;
    }

    private int endOfLine() {
        int newline = sql.indexOf('\n', position);
        return newline < 0 ? sql.length() : newline;
    }

    private int endOfQuoted(char quote) {
        for (int i = position + 1; i < sql.length(); i++) {
            if (sql.charAt(i) == quote) {
                return i + 1;
            }
            if (sql.charAt(i) == '\\' && quote != '`') {
                i++;
            }
        }
        return sql.length();
    }

    /** Spark's comments nest. */
    private int endOfComment() {
        int depth = 0;
        for (int i = position; i < sql.length(); i++) {
            if (sql.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (sql.startsWith("*/", i)) {
                depth--;
                i++;
            }
            if (depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }
}
