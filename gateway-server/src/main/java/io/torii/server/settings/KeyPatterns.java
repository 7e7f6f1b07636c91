package io.torii.server.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A set of setting names, in any case; {@code *} stands for any characters. Immutable, thread-safe. */
final class KeyPatterns {
    private final Pattern pattern;

    KeyPatterns(Collection<String> globs) {
        String names = globs.stream()
                .map(glob -> glob.trim().toLowerCase(Locale.ROOT))
                .map(glob -> Pattern.quote(glob).replace("*", "\\E.*\\Q"))
                .collect(Collectors.joining("|"));
        this.pattern = Pattern.compile(names, Pattern.DOTALL); // a line break is a character too
    }

    boolean match(String key) {
        return pattern.matcher(key.toLowerCase(Locale.ROOT)).matches();
    }
}
