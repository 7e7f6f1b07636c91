package io.torii.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.engine.LaunchTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineDirectoriesTest {
    @TempDir
    Path root;

    @Test
    void leavesOfAnEndedLaunchItsRecordsAndWhatIsBeingWrittenOfItsEnd() throws IOException {
        EngineDirectories directories = new EngineDirectories(root.resolve("engines"));
        LaunchTag tag = LaunchTag.random();
        Path directory = directories.create(tag);
        Path secret = Files.writeString(directory.resolve("torii-launch.properties"), "token=x");
        Path anothersEnd = Files.writeString(directory.resolve("end.properties.27773.new"), "");

        directories.strip(tag);

        assertThat(directories.log(tag)).exists();
        assertThat(secret).doesNotExist();
        assertThat(anothersEnd)
                .as("another gateway is about to give it its name")
                .exists();
    }
}
