package io.torii.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.check.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCheckTest {
    @TempDir
    private Path directory;

    private Path jars;

    @BeforeEach
    void makeASparkHome() throws IOException {
        jars = Files.createDirectories(directory.resolve("spark/jars"));
        Files.createFile(jars.resolve("spark-core_2.12-3.5.5.jar"));
    }

    @Test
    void looksAtSparkItsProgramAndItsCatalog() throws IOException {
        Files.createFile(jars.resolve("hive-metastore-2.3.9.jar"));

        assertThat(lines("managed"))
                .containsExactly(
                        "ok   here spark home: Spark 3.5.5 with Scala 2.12 in " + directory.resolve("spark"),
                        "FAIL here engine program: there is no " + directory.resolve("engine.jar")
                                + "; build it, or set engine-jar",
                        "ok   here metastore: managed: it starts beside the gateway");
        assertThat(lines("none")).last().isEqualTo("ok   here metastore: none");
    }

    @Test
    void missesHiveForAMetastoreOfItsOwn() {
        assertThat(lines("managed"))
                .last()
                .asString()
                .startsWith("FAIL here metastore: the Spark in " + directory.resolve("spark") + " has no Hive");
    }

    @Test
    void looksForNoHiveWhereThereIsNoSpark() throws IOException {
        Files.delete(jars.resolve("spark-core_2.12-3.5.5.jar"));

        assertThat(lines("managed")).last().isEqualTo("skip here metastore: not looked at, since 'spark home' failed");
    }

    @Test
    void knocksAtAMetastoreThatRuns() throws IOException {
        String open;
        try (ServerSocket metastore = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            open = "thrift://127.0.0.1:" + metastore.getLocalPort();

            assertThat(lines(open)).last().isEqualTo("ok   here metastore: " + open + " is open");
        }
        assertThat(lines(open))
                .last()
                .isEqualTo(
                        "FAIL here metastore: " + open + " does not answer (Connection refused); start it, or correct"
                                + " metastore: thrift://host:9083");
    }

    private List<String> lines(String metastore) {
        return new LocalCheck("here", directory.resolve("spark"), directory.resolve("engine.jar"), metastore)
                .look().stream().map(Finding::line).toList();
    }
}
