package io.torii.server.config;

import io.torii.server.config.ConfigSchema.Key;
import java.util.Optional;

/** The template of the configuration, {@code conf/torii.yaml.template}, from its records. */
final class ConfigTemplate {
    private static final String KEY = "# ";
    private static final String COMMENT = "##";

    private ConfigTemplate() {}

    static String document() {
        StringBuilder text = new StringBuilder(
                """
                ## Configuration of a Torii gateway. Copy this file to torii.yaml, beside it, and change the copy.
                ## As it is it changes nothing: every key is shown with its default. To set a key, remove the "# " before it
                ## and before the names of the groups that it is in. Reference: docs/configuration.md
                """);
        for (Key group : ConfigSchema.keysOf(GatewayConfig.class, "")) {
            text.append('\n');
            key(group, "", "", text);
        }
        return text.toString();
    }

    /** The keys of this text without the marks that make comments of them: the file that sets every key. */
    static String uncommented(String template) {
        return template.replaceAll("(?m)^" + KEY, "");
    }

    private static void keys(Class<?> type, String path, String indent, String firstIndent, StringBuilder text) {
        String now = firstIndent;
        for (Key key : ConfigSchema.keysOf(type, path)) {
            key(key, indent, now, text);
            now = indent;
        }
    }

    private static void key(Key key, String indent, String firstIndent, StringBuilder text) {
        for (String line : key.doc().replaceAll("(.{1,100})(?: |$)", "$1\n").split("\n")) {
            text.append(COMMENT).append(indent).append(' ').append(line).append('\n');
        }
        text.append(KEY).append(firstIndent).append(key.name()).append(':');
        Class<?> raw = ConfigSchema.raw(key.type());
        if (key.isGroup()) {
            text.append('\n');
            keys(raw, key.path(), indent + "  ", indent + "  ", text);
        } else if (key.isListOfGroups() && !key.preset().equals(Optional.of("[]"))) {
            text.append('\n');
            keys(ConfigSchema.raw(ConfigSchema.content(key.type())), "", indent + "    ", indent + "  - ", text);
        } else {
            text.append(key.preset().map(preset -> ' ' + preset).orElse("")).append('\n');
        }
    }
}
