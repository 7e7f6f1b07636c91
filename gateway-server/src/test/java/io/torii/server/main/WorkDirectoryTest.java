package io.torii.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.server.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void isMadeForItsOwnersEyesOnly() throws IOException {
        Path path = directory.resolve("a/b/work");

        try (WorkDirectory work = WorkDirectory.take(path)) {
            assertThat(work.path()).isEqualTo(path);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void keepsItsStoreFromOthersAlsoInADirectoryThatTheyCanRead() throws IOException {
        Path open = Files.createDirectory(
                directory.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        try (WorkDirectory work = WorkDirectory.take(open)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(work.store())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void letsOneGatewayInAndNamesItToTheNext() {
        Path path = directory.resolve("work");
        try (ChildJvm gateway = ChildJvm.run(DirectoryHolder.class, path)) {
            gateway.line("taken");

            assertThatThrownBy(() -> WorkDirectory.take(path))
                    .isInstanceOf(IOException.class)
                    .hasMessage("A gateway (pid " + gateway.pid() + ") is using the work directory " + path
                            + "; stop it, or choose another with gateway.work-directory");
        }
    }

    @Test
    void letsNoSecondGatewayInOfTheSameProcess() throws IOException {
        Path path = directory.resolve("work");
        try (WorkDirectory ours = WorkDirectory.take(path)) {
            assertThatThrownBy(() -> WorkDirectory.take(path))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("A gateway (pid "
                            + ProcessHandle.current().pid() + ") is using the work directory " + ours.path());
        }
    }

    @Test
    void tellsOthersWhoHasItAndWhereThatGatewayListens() {
        Path path = directory.resolve("work");
        try (ChildJvm gateway = ChildJvm.run(DirectoryHolder.class, path)) {
            gateway.line("taken");

            assertThat(WorkDirectory.owner(path)).contains(gateway.pid());
            assertThat(WorkDirectory.ports(path)).isEqualTo(Map.of("thrift", 10_009, "home", 10_010));
        }
    }

    @Test
    void aKilledOwnerKeepsNobodyOut() throws IOException {
        Path path = directory.resolve("work");
        try (ChildJvm gateway = ChildJvm.run(DirectoryHolder.class, path)) {
            gateway.line("taken");
            gateway.kill();
        }

        assertThat(WorkDirectory.owner(path)).isEmpty();
        try (WorkDirectory taken = WorkDirectory.take(path)) {
            assertThat(WorkDirectory.ports(taken.path()))
                    .as("what the killed gateway has published")
                    .isEmpty();
        }
    }

    @Test
    void canBeTakenAgainOnceItIsLeft() throws IOException {
        Path path = directory.resolve("work");
        try (WorkDirectory first = WorkDirectory.take(path)) {
            first.publish(Map.of("thrift", 1));
        }

        assertThat(WorkDirectory.owner(path)).isEmpty();
        assertThat(WorkDirectory.ports(path)).isEmpty();
        try (WorkDirectory second = WorkDirectory.take(path)) {
            assertThat(second.path()).isEqualTo(path);
        }
    }

    @Test
    void hasNoOwnerBeforeAnybodyTakesIt() {
        Path path = directory.resolve("work");

        assertThat(WorkDirectory.owner(path)).isEmpty();
        assertThat(WorkDirectory.ports(path)).isEmpty();
        assertThat(path).doesNotExist();
    }

    @Test
    void saysThatAFileIsInItsPlace() throws IOException {
        Path path = Files.writeString(directory.resolve("my work"), "");

        assertThatThrownBy(() -> WorkDirectory.take(path))
                .isInstanceOf(IOException.class)
                .hasMessage("The work directory " + path + " cannot be made: FileAlreadyExists " + path);
    }

    @Test
    void saysThatAFileIsInItsWay() throws IOException {
        Path file = Files.writeString(directory.resolve("my file"), "");
        Path path = file.resolve("work");

        assertThatThrownBy(() -> WorkDirectory.take(path))
                .isInstanceOf(IOException.class)
                .hasMessage("The work directory " + path + " cannot be made: FileAlreadyExists " + file);
    }

    @Test
    void saysThatItCannotBeWrittenTo() throws IOException {
        Path path = directory.resolve("my work");
        Files.createDirectories(path.resolve("gateway.pid"));

        assertThatThrownBy(() -> WorkDirectory.take(path))
                .isInstanceOf(IOException.class)
                .hasMessage("The work directory " + path + " cannot be written to: Is a directory");
    }
}
