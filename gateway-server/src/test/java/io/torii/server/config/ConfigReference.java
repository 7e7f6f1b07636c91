package io.torii.server.config;

import static java.util.stream.Collectors.joining;

import io.torii.api.Secret;
import io.torii.server.config.ConfigSchema.Key;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reference of the configuration, {@code docs/configuration.md}, from its records. */
final class ConfigReference {
    static final String EXAMPLE =
            """
            thrift:
              host: 0.0.0.0
            authentication:
              type: file
            store:
              url: jdbc:postgresql://db.example.com/torii
              user: torii
              password: ${ENV:DB_PASSWORD}
            session:
              idle-timeout: 12h
            clusters:
              - name: local
                settings:
                  spark.driver.memory: 4g
            """;
    private static final String MISTAKES =
            """
            thrift:
              prot: 10010
              login-timeout: 10 seconds
            store:
              password: ${ENV:DB_PASSWORD}
            """;
    private static final Map<Class<?>, String> KINDS = Map.of(
            int.class, "number",
            boolean.class, "`true`, `false`",
            Duration.class, "duration",
            DataSize.class, "size",
            Secret.class, "secret",
            Path.class, "path",
            URI.class, "URL",
            String.class, "text");

    private ConfigReference() {}

    static String document() {
        StringBuilder text = new StringBuilder(introduction());
        ConfigSchema.keysOf(GatewayConfig.class, "").forEach(group -> section(group, "##", true, text));
        return text.toString();
    }

    private static String introduction() {
        return """
                # Configuration

                One file, `conf/torii.yaml`. Nothing needs to be in it, and without it every default holds;
                [`conf/torii.yaml.template`](../conf/torii.yaml.template) has every key with its default, to copy from.
                `TORII_CONF_DIR` names another directory than `conf`, and `--conf FILE` another file. `torii config` checks it and
                prints what is in force. Written from the code; do not edit.

                ```yaml
                %s```

                ## Where values come from

                Each overrides those before it:

                1. the defaults below;
                2. the file;
                3. environment variables: `TORII_THRIFT_PORT=11009` sets `thrift.port`. Items of a list are separated by commas.
                   A variable that begins like a group and sets no key is warned of;
                4. flags: `--set thrift.port=11009`. These also reach what is in maps and in lists, whose items go by their name:
                   `--set session.defaults.spark.sql.shuffle.partitions=8`,
                   `--set clusters.local.settings.spark.driver.memory=2g`.

                ## How values are written

                - Durations: `500ms`, `5s`, `10m`, `6h`, `1d` or `PT30M`. A number without a unit is an error, except `0`.
                - Sizes: `512B`, `64KB`, `64MB`, `10GB`, `1TB`, in powers of 1024.
                - `${ENV:NAME}` in a value is replaced by that environment variable, and it is an error if there is none;
                  `${ENV:NAME:default}` falls back to what is behind the colon, which may be empty.
                - A key with nothing behind it is not set.
                - A setting with dots in its name is written in one piece: `spark.driver.memory: 2g`.

                ## Mistakes and secrets

                The gateway does not start while anything is wrong. It reports all problems at once, each with the line of the
                file, the environment variable or the flag it is in, and for an unknown key the nearest known one:

                ```
                %s
                ```

                Secrets are never printed: wherever the configuration in force is shown, passwords, settings whose name says that
                they are secret, and passwords in URLs are `***`. Write secrets as `${ENV:NAME}` or keep the file from other
                users; a flag can be seen by everybody on the host.
                """
                .formatted(EXAMPLE, messages(MISTAKES));
    }

    private static String messages(String yaml) {
        try {
            throw new IllegalStateException("No mistakes in "
                    + new ConfigLoader(Map.of())
                            .parse("conf/torii.yaml", yaml, Map.of())
                            .config());
        } catch (InvalidConfigException e) {
            return e.getMessage();
        }
    }

    /** @param variables whether its keys have environment variables: those in lists have none */
    private static void section(Key group, String heading, boolean variables, StringBuilder text) {
        Class<?> raw = ConfigSchema.raw(group.type());
        boolean list = raw == List.class;
        boolean named = variables && !list;
        text.append("\n%s %s\n\n%s.%s\n".formatted(heading, group.path(), group.doc(), list ? ofItems(group) : ""));
        List<Key> keys = ConfigSchema.keysOf(
                list ? ConfigSchema.raw(ConfigSchema.content(group.type())) : raw, list ? "" : group.path());
        if (!keys.stream().allMatch(ConfigReference::hasSection)) {
            text.append(
                    named
                            ? "\n| key | value | default | what it is | environment variable |\n|---|---|---|---|---|\n"
                            : "\n| key | value | default | what it is |\n|---|---|---|---|\n");
        }
        keys.stream().filter(key -> !hasSection(key)).forEach(key -> text.append(row(key, named)));
        keys.stream().filter(ConfigReference::hasSection).forEach(key -> section(key, heading + '#', named, text));
    }

    private static boolean hasSection(Key key) {
        return key.isGroup() || key.isListOfGroups();
    }

    private static String ofItems(Key list) {
        return " A list; its default is `%s`. Each item has:"
                .formatted(list.preset().orElse("[]"));
    }

    private static String row(Key key, boolean withVariable) {
        String fallback = key.preset().map(ConfigReference::code).orElse("not set");
        String row = "| `%s` | %s | %s | %s |".formatted(key.path(), kind(key.type()), fallback, cell(key.doc()));
        String variable = ConfigSchema.raw(key.type()) == Map.class ? "" : code(key.variable());
        return withVariable ? row + " " + variable + " |\n" : row + "\n";
    }

    private static String kind(Type type) {
        Class<?> raw = ConfigSchema.raw(type);
        if (raw == Map.class) {
            return "names and texts";
        }
        if (raw == List.class) {
            return "list of " + kind(ConfigSchema.content(type)) + "s";
        }
        if (raw == Optional.class) {
            return kind(ConfigSchema.content(type));
        }
        return raw.isEnum()
                ? Arrays.stream(raw.getEnumConstants())
                        .map(constant -> code(Texts.of(constant)))
                        .collect(joining(", "))
                : KINDS.get(raw);
    }

    private static String code(String text) {
        return cell('`' + text + '`');
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
