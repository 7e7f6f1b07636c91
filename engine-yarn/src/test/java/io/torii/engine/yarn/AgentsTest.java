package io.torii.engine.yarn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.ApplicationRow;
import io.torii.engine.yarn.message.ApplicationRows;
import io.torii.engine.yarn.message.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that are shell scripts: they answer a {@code find} and nothing else. */
class AgentsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final AgentCall FIND = new AgentCall.Find("torii-1");
    private static final String ANSWERS_FIND =
            """
            #!/bin/sh
            while read -r line; do
              case "$line" in
                *'"call":"find"'*)
                  id=$(echo "$line" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
                  echo "{\\"id\\":$id,\\"result\\":{\\"rows\\":[]},\\"failure\\":null}";;
              esac
            done
            """;

    @TempDir
    Path directory;

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private Agents agents;

    @BeforeEach
    void start() throws IOException {
        for (String file : List.of(
                "hadoop/yarn-site.xml", "hadoop/core-site.xml", "engine.jar", "spark/jars/spark-core_2.12.jar")) {
            Files.createDirectories(directory.resolve(file).getParent());
            Files.writeString(directory.resolve(file), "");
        }
        Files.writeString(directory.resolve("spark/jars/spark-yarn_2.12.jar"), "");
        Path java = directory.resolve("java/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, ANSWERS_FIND);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        agents = new Agents("prod", new AgentProgram(config()), executor, 2);
    }

    @AfterEach
    void end() {
        agents.close();
        executor.shutdownNow();
    }

    @Test
    void oneServesAll() throws IOException {
        found();
        found();

        assertThat(directories()).hasSize(1);
    }

    @Test
    void oneThatLeavesASubmissionUnansweredIsReplacedAndKeepsItsFilesWhileItWorks() throws IOException {
        CompletableFuture<Text> slow = agents.call(new AgentCall.Log("torii-1", 10), Text.class, LONG);
        found();
        Set<Path> first = directories();

        assertThatThrownBy(() -> submitted().join()).hasMessageContaining("did not answer within 50 ms");
        found();

        assertThat(directories()).hasSize(2).containsAll(first);
        assertThat(slow).isNotDone();
    }

    @Test
    void theOneAfterSoManySubmissionsIsNew() throws IOException {
        CompletableFuture<Text> slow = agents.call(new AgentCall.Log("torii-1", 10), Text.class, LONG);
        for (int i = 0; i < 2; i++) {
            CompletableFuture<ApplicationRow> unused =
                    agents.call(new AgentCall.Submit("torii-1", "", Map.of(), Map.of()), ApplicationRow.class, LONG);
        }
        found();
        assertThat(directories()).hasSize(1);

        CompletableFuture<ApplicationRow> unused =
                agents.call(new AgentCall.Submit("torii-1", "", Map.of(), Map.of()), ApplicationRow.class, LONG);
        found();

        assertThat(directories()).hasSize(2);
        assertThat(slow).isNotDone();
    }

    @Test
    void threeCallsInARowThatAreNotAnsweredMakeOneBeReplacedWhateverALogTakes() throws IOException {
        CompletableFuture<Text> slow = agents.call(new AgentCall.Log("torii-1", 10), Text.class, LONG);
        unanswered(new AgentCall.Load());
        unanswered(new AgentCall.Load());
        found();
        unanswered(new AgentCall.Load());
        unanswered(new AgentCall.Load());
        unanswered(new AgentCall.Log("torii-1", 10));
        assertThat(directories()).hasSize(1);

        unanswered(new AgentCall.Load());
        found();

        assertThat(directories()).hasSize(2);
        assertThat(slow).isNotDone();
    }

    private void found() {
        assertThat(agents.call(FIND, ApplicationRows.class, LONG).join().rows()).isEmpty();
    }

    private CompletableFuture<ApplicationRow> submitted() {
        return agents.call(new AgentCall.Submit("torii-1", "", Map.of(), Map.of()), ApplicationRow.class, SHORT);
    }

    private void unanswered(AgentCall call) {
        assertThatThrownBy(() -> agents.call(call, Text.class, SHORT).join())
                .hasMessageContaining("did not answer within 50 ms");
    }

    private Set<Path> directories() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("work"))) {
            return all.filter(Files::isDirectory).collect(Collectors.toSet());
        }
    }

    private YarnClusterConfig config() {
        return new YarnClusterConfig(
                "prod",
                "torii-test",
                directory.resolve("hadoop"),
                directory.resolve("spark"),
                directory.resolve("engine.jar"),
                directory.resolve("work"),
                List::of,
                "",
                Map.of(),
                "",
                Optional.empty(),
                true,
                directory.resolve("java"),
                List.of());
    }
}
