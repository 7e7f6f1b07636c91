package io.torii.api.engine;

import java.util.UUID;
import java.util.regex.Pattern;

/** Names one launch, before it is submitted and for ever after: the cluster keeps it with the application. */
public record LaunchTag(String value) {
    private static final Pattern SHAPE = Pattern.compile("torii-[0-9a-f]{32}");

    public LaunchTag {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("launch tag: " + value + " (expected: torii- and 32 hex digits)");
        }
    }

    public static LaunchTag random() {
        return new LaunchTag("torii-" + UUID.randomUUID().toString().replace("-", ""));
    }

    @Override
    public String toString() {
        return value;
    }
}
