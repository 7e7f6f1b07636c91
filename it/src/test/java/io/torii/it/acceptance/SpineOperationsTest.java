package io.torii.it.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What administrators and their tools are told, and what nobody is. */
@Tag("system")
class SpineOperationsTest {
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})? "
                    + "(NaN|[+-]Inf|[-+0-9.eE]+)");
    private static final Pattern DECLARED =
            Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)");

    @Test
    void metricsAreWhatPrometheusReads() throws Exception {
        try (Connection connection = Spine.connect("alice")) {
            Spine.rows(connection, "SELECT 1");
        }

        HttpResponse<String> metrics = Spine.admin("GET", "/metrics");

        assertThat(metrics.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/plain")
                .contains("version=0.0.4");
        assertThat(metrics.body()).endsWith("\n");
        Set<String> declared = new HashSet<>();
        Set<String> series = new HashSet<>();
        TreeMap<String, List<Double>> buckets = new TreeMap<>();
        TreeMap<String, Double> counts = new TreeMap<>();
        for (String line : metrics.body().split("\n")) {
            Matcher type = DECLARED.matcher(line);
            if (type.matches()) {
                assertThat(declared.add(type.group(1))).as(line).isTrue();
            } else if (!line.startsWith("# HELP ")) {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                String tags = sample.group(2) == null ? "" : sample.group(2);
                assertThat(series.add(sample.group(1) + tags)).as(line).isTrue();
                assertThat(declared).as(line).anyMatch(name -> sample.group(1).startsWith(name));
                double value = number(sample.group(3));
                if (sample.group(1).endsWith("_bucket")) {
                    buckets.computeIfAbsent(
                                    sample.group(1).replace("_bucket", "")
                                            + tags.replaceAll(",?le=\"[^\"]*\"", "")
                                                    .replace("{}", ""),
                                    name -> new ArrayList<>())
                            .add(value);
                } else if (sample.group(1).endsWith("_count")) {
                    counts.put(sample.group(1).replace("_count", "") + tags, value);
                }
            }
        }
        assertThat(buckets).isNotEmpty().allSatisfy((name, values) -> {
            assertThat(values).as(name).isSorted();
            assertThat(values.get(values.size() - 1)).as(name).isEqualTo(counts.get(name));
        });
    }

    private static double number(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    @Test
    void theAdminPortAnswersWhatItKnowsAndRefusesTheRest() throws Exception {
        String token = Files.readString(Spine.world().workDirectory().resolve("admin.token"))
                .strip();
        assertThat(Spine.admin("GET", "/health/live").statusCode()).isEqualTo(200);
        assertThat(Spine.admin("GET", "/health/ready").statusCode()).isEqualTo(200);
        assertThat(Spine.admin("GET", "/status", "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(200);
        assertThat(Spine.admin("GET", "/status", "Authorization", "Bearer " + token + "x")
                        .statusCode())
                .isEqualTo(401);
        assertThat(Spine.admin("GET", "/nothing").statusCode()).isEqualTo(404);
        assertThat(Spine.admin("GET", "/../admin.token").statusCode()).isIn(400, 404);
        assertThat(Spine.admin("POST", "/metrics").statusCode()).isEqualTo(405);
    }

    @Test
    void theAuditLineOfAStatementSaysWhoWhatWhenAndHowItEnded() throws Exception {
        String mark = "mark_" + Long.toHexString(System.nanoTime());
        try (Connection connection = Spine.connect("alice")) {
            Spine.rows(connection, "SELECT '" + mark + "' AS \"a\nb\"".replace('"', '`'));
            assertThatThrownBy(() -> Spine.rows(connection, "SELECT * FROM " + mark))
                    .isInstanceOf(SQLException.class);
            Spine.run(connection, "SET my.password=sesame-" + mark);
        }

        List<String> lines;
        try (Stream<String> all = Files.lines(Spine.world().directory().resolve("logs/audit.log"))) {
            lines = all.filter(line -> line.contains(mark)).toList();
        }
        assertThat(lines).hasSize(2).noneMatch(line -> line.contains("sesame"));
        assertThat(lines.get(0))
                .contains("\"user\":\"alice\"", "\"state\":\"FINISHED\"", "\"pages\":")
                .containsPattern("\"session\":\"[0-9a-f-]{36}\"")
                .containsPattern("\"statement\":\"[0-9a-f-]{36}\"")
                .containsPattern("\"submittedMillis\":\\d{13}")
                .containsPattern("\"endedMillis\":\\d{13}");
        assertThat(lines.get(1)).contains("\"state\":\"FAILED\"", "\"sqlState\":\"42P01\"");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingSecretIsInArgumentsFilesOfOthersOrLogs() throws Exception {
        String mark = "hidden_" + Long.toHexString(System.nanoTime());
        try (Connection connection = Spine.connect("alice")) {
            Spine.rows(connection, "SELECT '" + mark + "'");
            assertThatThrownBy(() -> Spine.rows(connection, "SELECT '" + mark + "' FROM nowhere"))
                    .isInstanceOf(SQLException.class);
        }
        String token = Files.readString(Spine.world().workDirectory().resolve("admin.token"))
                .strip();

        List<ProcessHandle> processes = new ArrayList<>(Spine.world().engines());
        processes.add(Spine.world().gateway());
        for (ProcessHandle process : processes) {
            for (String part : List.of("cmdline", "environ")) {
                Path file = Path.of("/proc", Long.toString(process.pid()), part);
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                        .as(part)
                        .doesNotContain(Spine.PASSWORD, token)
                        .doesNotContainPattern("(?i)(secret|token|password)[^\\x00]{0,20}=[^\\x00]");
            }
        }
        assertThat(Spine.world().output()).doesNotContain(mark, Spine.PASSWORD, token);
        try (Stream<Path> files = Files.walk(Spine.world().workDirectory())) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> file.toString().matches(".*(token|secret|store/.*|\\.properties)")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                            .as(file.toString())
                            .noneMatch(right -> !right.name().startsWith("OWNER")));
        }
    }

    @Test
    void everyThreadOfTheGatewaySaysWhatItIsFor() throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                        Long.toString(Spine.world().gateway().pid()),
                        "Thread.print")
                .start();
        String dump = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(Pattern.compile("(?m)^\"([^\"]+)\" #\\d+")
                        .matcher(dump)
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .allMatch(name -> name.matches(
                        "(io|accept|timer|store|host|login|admin|http|globalEventExecutor)-.*|store:.*|H2-.*|MVStore .*|main|DestroyJavaVM"
                                + "|CompletableFutureDelayScheduler|process reaper.*|Reference Handler|Finalizer"
                                + "|Signal Dispatcher|Service Thread|Monitor Deflation Thread|C[12] CompilerThread\\d+"
                                + "|Sweeper thread|Notification Thread|Common-Cleaner|Attach Listener|SIG.*handler"));
    }
}
