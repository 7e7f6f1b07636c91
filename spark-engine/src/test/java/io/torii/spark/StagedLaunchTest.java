package io.torii.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedLaunchTest {
    @TempDir
    Path directory;

    @Test
    void deletesTheCopyOfTheDriversFile() throws Exception {
        Path copy = Files.createFile(directory.resolve("torii-launch.properties"));
        Path other = Files.createFile(directory.resolve("__spark_conf__.zip"));

        StagedLaunch.delete(directory.toUri().toString(), "torii-launch.properties", () -> new Configuration(false))
                .join();

        assertThat(copy).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void aFileSystemThatFailsDoesNoHarm() {
        assertThat(StagedLaunch.delete("none://nowhere/x", "launch", () -> new Configuration(false)))
                .succeedsWithin(Duration.ofSeconds(20));
        assertThat(StagedLaunch.delete("file:///x", "launch", () -> {
                    throw new IllegalArgumentException("UnknownHostException: nowhere");
                }))
                .succeedsWithin(Duration.ofSeconds(20));
    }
}
