package io.torii.server.settings;

import java.util.Optional;

/**
 * A {@code SET} or {@code RESET} as Spark reads it, found without a parser: comments, nested ones too, and white space
 * before and inside, any case, back-quoted keys and values. Immutable.
 */
public sealed interface SetStatement {
    /** {@code SET key = value}, or {@code RESET key}, whose value is empty: both change what the key is. */
    record Assignment(String key, String value) implements SetStatement {}

    /** What the statement does hangs on a variable, so nobody can tell before the engine has put its value in. */
    record Obscured() implements SetStatement {}

    /** Empty for every other statement, one that only shows a setting or resets all of them included. */
    static Optional<SetStatement> of(String sql) {
        return new Reader(sql).read();
    }

    /** One pass over one text. */
    final class Reader {
        private static final int NONE = -1;

        private final String sql;
        private int at;

        private Reader(String sql) {
            this.sql = sql;
        }

        private Optional<SetStatement> read() {
            skip();
            if (sql.substring(0, at).contains("${")) {
                return Optional.of(new Obscured()); // its value may end the comment
            }
            int start = at;
            while (at < sql.length() && isWord(sql.charAt(at))) {
                at++;
            }
            if (sql.startsWith("${", at)) {
                return Optional.of(new Obscured());
            }
            String word = sql.substring(start, at);
            if (is("SET", word)) {
                return assignment();
            }
            return is("RESET", word) ? reset() : Optional.empty();
        }

        private Optional<SetStatement> assignment() {
            String key = keyBefore('=');
            if (key.contains("${")) {
                return Optional.of(new Obscured());
            }
            return at < sql.length()
                    ? Optional.of(new Assignment(key, value(sql.substring(at + 1))))
                    : Optional.empty();
        }

        private Optional<SetStatement> reset() {
            String key = keyBefore(NONE);
            if (key.contains("${")) {
                return Optional.of(new Obscured());
            }
            return key.isEmpty() ? Optional.empty() : Optional.of(new Assignment(key, ""));
        }

        /** Without comments and quotes, but with the variables in them. */
        private String keyBefore(int end) {
            StringBuilder key = new StringBuilder();
            while (at < sql.length() && sql.charAt(at) != end) {
                int before = at;
                skip();
                if (at > before) {
                    key.append(sql.substring(before, at).contains("${") ? " ${ " : " ");
                } else if (sql.charAt(at) == '`') {
                    key.append(quoted());
                } else {
                    key.append(sql.charAt(at++));
                }
            }
            return key.toString().strip();
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
            int end = text.length();
            while (end > 0 && (text.charAt(end - 1) == ';' || Character.isWhitespace(text.charAt(end - 1)))) {
                end--;
            }
            String value = text.substring(0, end).strip();
            if (value.length() > 1 && "`'\"".indexOf(value.charAt(0)) >= 0 && value.endsWith(value.substring(0, 1))) {
                return value.substring(1, value.length() - 1);
            }
            return value;
        }

        /** To the next character that is neither white space, nor a semicolon, nor in a comment. */
        private void skip() {
            while (at < sql.length()) {
                char next = sql.charAt(at);
                if (isSpace(next) || next == ';') {
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

        /** A hint within a comment does not begin another comment. */
        private void skipBrackets() {
            int depth = 0;
            do {
                if (sql.startsWith("/*", at) && (depth == 0 || !sql.startsWith("+", at + 2))) {
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
        private static boolean is(String keyword, String word) {
            if (word.length() != keyword.length()) {
                return false;
            }
            for (int letter = 0; letter < word.length(); letter++) {
                if (Character.toUpperCase(word.charAt(letter)) != keyword.charAt(letter)) {
                    return false;
                }
            }
            return true;
        }

        /** Control characters too: Spark trims them off a key. */
        private static boolean isSpace(char character) {
            return Character.isWhitespace(character)
                    || Character.isSpaceChar(character)
                    || Character.isISOControl(character)
                    || character == '\uFEFF';
        }

        private static boolean isWord(char character) {
            return Character.isLetterOrDigit(character) || character == '_';
        }
    }
}
