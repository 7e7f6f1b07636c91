package io.torii.engine.local;

import static io.torii.engine.local.LocalHost.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.torii.api.error.GatewayException;
import io.torii.launch.OwnFiles;
import io.torii.launch.SparkHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs a Spark home: SPARK_HOME, or the one that the module spark-home has assembled; skipped without. */
class LocalMetastoreTest {
    private static final Path ASSEMBLED = Path.of("..", "spark-home", "target");

    @TempDir
    private Path directory;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.now());
    private LocalMetastore metastore;

    @AfterEach
    void stop() {
        if (metastore != null) {
            answer(metastore.end());
        }
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    @Test
    void servesOnTheLoopbackAddressOnly() throws IOException {
        metastore = metastore(0, Duration.ofMinutes(10));

        URI address = answer(metastore.start());

        assertThat(address.getHost()).isEqualTo("127.0.0.1");
        try (ServerSocket elsewhere = new ServerSocket()) {
            elsewhere.setReuseAddress(false);
            elsewhere.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), address.getPort()));
            assertThat(elsewhere.isBound())
                    .as("nobody else listens on this port")
                    .isTrue();
        }
    }

    @Test
    void isFoundByTheNextGateway() throws IOException {
        metastore = metastore(0, Duration.ofMinutes(10));
        URI address = answer(metastore.start());
        String pid = record().getProperty("pid");
        metastore.close();

        metastore = metastore(0, Duration.ofMinutes(10));

        assertThat(answer(metastore.address())).isEqualTo(Optional.of(address));
        assertThat(record().getProperty("pid")).isEqualTo(pid);
    }

    @Test
    void comesBackOnTheSamePortAfterItsEnd() {
        metastore = metastore(0, Duration.ofMinutes(10));
        URI address = answer(metastore.start());
        answer(metastore.end());

        metastore = metastore(0, Duration.ofMinutes(10));

        assertThat(answer(metastore.start())).isEqualTo(address);
    }

    @Test
    void endsWhenNobodyIsConnected() throws Exception {
        metastore = metastore(0, Duration.ofSeconds(1));
        answer(metastore.start());
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(record().getProperty("pid"))).orElseThrow();

        metastore.close();

        process.onExit().get(30, TimeUnit.SECONDS);
    }

    @Test
    void isStartedAgainOnTheSamePortWhenItDies() throws Exception {
        metastore = metastore(0, Duration.ofMinutes(10));
        URI address = answer(metastore.start());
        String pid = record().getProperty("pid");
        clock.set(Instant.now().plusSeconds(3_600));

        ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();

        Await.until(scheduler, () -> !record().getProperty("pid").equals(pid));
        assertThat(answer(metastore.start())).isEqualTo(address);
    }

    @Test
    void saysThatItsPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            metastore = metastore(taken.getLocalPort(), Duration.ofMinutes(10));

            assertThatThrownBy(() -> answer(metastore.start()))
                    .hasCauseInstanceOf(GatewayException.class)
                    .cause()
                    .hasMessage("Cannot start the metastore: port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void endsWhenItCannotOpenItsDatabase() throws IOException {
        Files.createDirectories(directory.resolve("work/metastore"));
        Files.writeString(directory.resolve("work/metastore/catalog"), "no database");
        metastore = metastore(0, Duration.ofMinutes(10));

        answer(metastore.start());

        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(record().getProperty("pid"))).orElseThrow();
        answer(process.onExit());
        assertThat(directory.resolve("work/metastore/metastore.log")).content().contains("catalog");
    }

    private LocalMetastore metastore(int port, Duration orphanTimeout) {
        Path sparkHome =
                Optional.ofNullable(System.getenv("SPARK_HOME")).map(Path::of).orElse(ASSEMBLED);
        assumeThat(new SparkHome(sparkHome).problem()).as("a Spark home").isEmpty();
        return new LocalMetastore(
                new LocalMetastoreConfig(
                        sparkHome,
                        directory.resolve("work"),
                        Path.of(System.getProperty("java.home")),
                        port,
                        orphanTimeout,
                        Duration.ofSeconds(10)),
                new MovableClock(clock),
                scheduler,
                executor);
    }

    private Properties record() throws IOException {
        return OwnFiles.readProperties(directory.resolve("work/metastore/process.properties"));
    }
}
