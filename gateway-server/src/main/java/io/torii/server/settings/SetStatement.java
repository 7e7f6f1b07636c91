package io.torii.server.settings;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A {@code SET} as Spark reads it, found without a parser: comments, nested ones too, and white space before and inside,
 * any case, back-quoted keys and values. Immutable.
 */
public sealed interface SetStatement {
    /** {@code SET key = value}. */
    record Assignment(String key, String value) implements SetStatement {}

    /** What the statement does hangs on a variable, so nobody can tell before the engine has put its value in. */
    record Obscured() implements SetStatement {}

    /** Empty for every other statement, one that only shows a setting included. */
    static Optional<SetStatement> of(String sql) {
        return new Reader(sql).read();
    }

    /** One pass over one text. */
    final class Reader {
        private static final Pattern SET_SOMEWHERE =
                Pattern.compile("\\bSET\\b", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

        private final String sql;
        private int at;

        private Reader(String sql) {
            this.sql = sql;
        }

        private Optional<SetStatement> read() {
            skip();
            if (sql.substring(0, at).contains("${")
                    && SET_SOMEWHERE.matcher(sql).find()) {
                return Optional.of(new Obscured());
            }
            int start = at;
            while (at < sql.length() && isWord(sql.charAt(at))) {
                at++;
            }
            if (sql.startsWith("${", at)) {
                return Optional.of(new Obscured());
            }
            if (!isSet(sql.substring(start, at))) {
                return Optional.empty();
            }
            return assignment();
        }

        private Optional<SetStatement> assignment() {
            StringBuilder key = new StringBuilder();
            while (at < sql.length() && sql.charAt(at) != '=') {
                if (sql.startsWith("${", at)) {
                    return Optional.of(new Obscured());
                }
                int before = at;
                skip();
                if (at > before) {
                    if (sql.substring(before, at).contains("${")) {
                        return Optional.of(new Obscured());
                    }
                    key.append(' ');
                } else if (sql.charAt(at) == '`') {
                    key.append(quoted());
                } else {
                    key.append(sql.charAt(at++));
                }
            }
            if (at >= sql.length()) {
                return Optional.empty();
            }
            String name = key.toString().strip();
            return name.contains("${")
                    ? Optional.of(new Obscured())
                    : Optional.of(new Assignment(name, value(sql.substring(at + 1))));
        }

        private String quoted() {
            StringBuilder text = new StringBuilder();
            at++;
            while (at < sql.length()) {
                char next = sql.charAt(at++);
                if (next != '`') {
                    text.append(next);
                } else if (at < sql.length() && sql.charAt(at) == '`') {
                    text.append('`');
                    at++;
                } else {
                    break;
                }
            }
            return text.toString();
        }

        private static String value(String text) {
            String value = text.strip();
            while (value.endsWith(";")) {
                value = value.substring(0, value.length() - 1).strip();
            }
            if (value.length() > 1 && "`'\"".indexOf(value.charAt(0)) >= 0 && value.endsWith(value.substring(0, 1))) {
                return value.substring(1, value.length() - 1);
            }
            return value;
        }

        /** To the next character that is neither white space, nor a semicolon, nor in a comment. */
        private void skip() {
            while (at < sql.length()) {
                char next = sql.charAt(at);
                if (Character.isWhitespace(next) || Character.isSpaceChar(next) || next == ';' || next == '\uFEFF') {
                    at++;
                } else if (sql.startsWith("--", at)) {
                    skipLine();
                } else if (sql.startsWith("/*", at)) {
                    skipBrackets();
                } else {
                    return;
                }
            }
        }

        private void skipLine() {
            while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                at += sql.startsWith("\\\n", at) ? 2 : 1;
            }
        }

        private void skipBrackets() {
            int depth = 0;
            do {
                if (sql.startsWith("/*", at)) {
                    depth++;
                    at += 2;
                } else if (sql.startsWith("*/", at)) {
                    depth--;
                    at += 2;
                } else {
                    at++;
                }
            } while (depth > 0 && at < sql.length());
            at = Math.min(at, sql.length());
        }

        /** As Spark does it: each character in upper case by itself, so that a long s is an S. */
        private static boolean isSet(String word) {
            return word.length() == 3
                    && Character.toUpperCase(word.charAt(0)) == 'S'
                    && Character.toUpperCase(word.charAt(1)) == 'E'
                    && Character.toUpperCase(word.charAt(2)) == 'T';
        }

        private static boolean isWord(char character) {
            return Character.isLetterOrDigit(character) || character == '_';
        }
    }
}
