package io.torii.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/settings.md} says what the catalogue says; {@code -Dtorii.docs.write=true} writes it afresh. */
class SettingsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "settings.md");

    @Test
    void theDocumentIsThatOfTheCatalogue() throws IOException {
        String expected = document(SettingCatalog.standard());
        if (Boolean.getBoolean("torii.docs.write")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(Files.readString(DOCUMENT))
                .as("docs/settings.md; write it afresh with -Dtorii.docs.write=true")
                .isEqualTo(expected);
    }

    private static String document(SettingCatalog catalog) {
        StringBuilder text = new StringBuilder(
                """
                # Settings that users may set

                In the URL (`jdbc:hive2://host:10009/db?torii.queue=etl`, behind `?` or `#`), in the settings of a single
                statement, or by `SET torii.queue=etl`. The names that Hive, Kyuubi, Hadoop and Spark have for the same thing are
                accepted wherever Torii's own is, with the units they have there. Written from the code; do not edit.

                ## Torii's settings and their other names

                | setting | value | what it is | other names |
                |---|---|---|---|
                """);
        catalog.all()
                .forEach(setting -> text.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                setting.name(),
                                setting.kind().expected(),
                                setting.description(),
                                setting.aliases().stream()
                                        .map(alias -> other(setting, alias))
                                        .collect(Collectors.joining("<br>")))));
        text.append(
                """

                Durations: `30s`, `10m`, `6h`, `1d`, `PT30M`. A plain number under another server's name is in the unit given
                there; `0` (and Hive's `-1`) is for ever. Where, how widely shared and for how long an engine runs is decided when
                the session gets its engine: set it in the URL or before the first statement.

                `torii.session.idle-timeout` and `torii.statement.timeout` can shorten what the administrator has set
                (`session.idle-timeout`, `statement.timeout`); longer values, `0s` included, count as the administrator's unless
                `settings.user-may-set` lists the setting; the statement's log says so. `torii.engine.idle-timeout` and
                `torii.engine.max-lifetime` count only for engines of one user or one connection, and never beyond the
                administrator's values.

                ## Names that are accepted and change nothing

                | name | why |
                |---|---|
                """);
        catalog.allWithoutEffect().forEach((name, reason) -> text.append("| `%s` | %s |\n".formatted(name, reason)));
        text.append(
                """

                ## Everything else

                - `spark.*` is the engine's. Settings that launch an engine, identify somebody, add JVM options or code, or name
                  paths of the host or templates are denied unless an administrator lists them in `settings.user-may-set`.
                - Sizes, cores and numbers of executors (`spark.executor.memory`, `spark.dynamicAllocation.maxExecutors`, ...)
                  shape the engine: sessions that differ in one of them have different engines.
                - `airflow.ctx.dag_id` and `airflow.ctx.task_id` become `torii.workload`.
                - `hive.server2.proxy.user` and `kyuubi.session.proxy.user` name another user than the one who logged in only where
                  `authentication.proxy-users` allows it, and only when the session is opened.
                - Names without a dot are variables: `${day}` in SQL.
                - `use:database` and `use:catalog` name where the session starts.
                - A name that starts with `torii.` and does not exist is an error that names the nearest one.
                - `RESET` of one setting is denied where `SET` of it is. `RESET` alone brings back what the engine started with.
                - A variable (`${day}`) may not stand before a statement's first word, in it, or in what `SET` or `RESET` names:
                  not in a comment there either, which its value could end.
                - What one session or statement sets may have 262,144 characters in all.
                - These rules are for settings. `OPTIONS (...)` of a statement, `ADD JAR` and the like are SQL: what they may do is
                  the engine's business, and that of the user as whom it runs.
                - Anything else is ignored, with a note in the log of the session's first statement.
                """);
        return text.toString();
    }

    private static String other(Setting setting, Setting.Alias alias) {
        String unit = setting.kind() == SettingKind.DURATION
                ? ", plain numbers are " + (alias.unit() == ChronoUnit.MILLIS ? "milliseconds" : "seconds")
                : "";
        return "`" + alias.name() + "` (" + alias.origin() + unit + ")";
    }
}
