package io.torii.engine.yarn.agent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Deadline;
import io.torii.engine.yarn.message.AgentSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final SlowStore store = new SlowStore();

    @Test
    void aFileIsPutOnceForAllWhoNeedIt() throws Exception {
        Staging staging = staging(jar("engine.jar", "one"));
        store.goesOn();

        String address = staging.engine(Deadline.in(A_MINUTE));

        assertThat(staging.engine(Deadline.in(A_MINUTE))).isEqualTo(address).endsWith("/engine.jar");
        assertThat(store.puts).hasSize(1);
    }

    @Test
    void whoCannotWaitForASlowOneIsToldAndItGoesOn() throws Exception {
        Staging staging = staging(jar("engine.jar", "one"));

        assertThatThrownBy(() -> staging.engine(Deadline.in(Duration.ofSeconds(5))))
                .isInstanceOf(AgentException.class)
                .hasMessage("engine.jar is still being put on the file system of cluster prod (3 of 9 MiB);"
                        + " try again in a while");
        store.goesOn();

        assertThat(staging.engine(Deadline.in(A_MINUTE))).endsWith("/engine.jar");
        assertThat(store.puts).hasSize(1);
    }

    @Test
    void whatSomebodyHasTidiedUpIsPutAgain() throws Exception {
        Staging staging = staging(jar("engine.jar", "one"));
        store.goesOn();
        store.kept.remove(staging.engine(Deadline.in(A_MINUTE)));

        assertThat(store.kept).contains(staging.engine(Deadline.in(A_MINUTE)));
        assertThat(store.puts).hasSize(2);
    }

    @Test
    void aFileThatHasChangedIsPutUnderItsNewDigest() throws Exception {
        Path jar = jar("engine.jar", "one");
        Staging staging = staging(jar);
        store.goesOn();
        String before = staging.engine(Deadline.in(A_MINUTE));

        Files.writeString(jar, "another");

        assertThat(staging.engine(Deadline.in(A_MINUTE))).isNotEqualTo(before);
    }

    @Test
    void oneThatCouldNotBePutIsTriedAgain() throws Exception {
        Staging staging = staging(jar("engine.jar", "one"));
        store.fails = true;
        store.goesOn();
        assertThatThrownBy(() -> staging.engine(Deadline.in(A_MINUTE))).hasMessage("no room");

        store.fails = false;

        assertThat(staging.engine(Deadline.in(A_MINUTE))).endsWith("/engine.jar");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Staging staging = staging(directory.resolve("none.jar"));

        assertThatThrownBy(() -> staging.engine(Deadline.in(A_MINUTE)))
                .hasMessage("there is no file " + directory.resolve("none.jar"));
    }

    private Path jar(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private Staging staging(Path engine) {
        return new Staging(
                new AgentSettings("prod", "torii-1", engine.toString(), directory.toString(), "", "", "", Map.of()),
                store);
    }

    /** Puts nothing before it is told to. */
    private static final class SlowStore implements JarStore {
        private final CompletableFuture<Void> free = new CompletableFuture<>();
        final List<String> puts = new ArrayList<>();
        final Set<String> kept = new HashSet<>();
        volatile boolean fails;

        void goesOn() {
            free.complete(null);
        }

        @Override
        public boolean has(String address) {
            return kept.contains(address);
        }

        @Override
        public String put(Path file, String digest, String name) throws AgentException {
            free.join();
            if (fails) {
                throw AgentException.refused("no room", null);
            }
            String address = "hdfs://nn/" + digest + "/" + name;
            puts.add(address);
            kept.add(address);
            return address;
        }

        @Override
        public String progress() {
            return " (3 of 9 MiB)";
        }
    }
}
