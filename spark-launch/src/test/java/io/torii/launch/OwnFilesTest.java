package io.torii.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {
    private static final int WRITERS = 8;
    private static final int TIMES = 200;

    @TempDir
    Path directory;

    @Test
    void thoseWhoWriteAFileAtOnceDoNotStandInEachOthersWay() throws Exception {
        Path file = directory.resolve("end.properties");
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String text = String.valueOf(writer).repeat(100);
                writers.add(() -> {
                    for (int time = 0; time < TIMES; time++) {
                        OwnFiles.write(file, text);
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(Files.readString(file)).matches("(\\d)\\1{99}");
        assertThat(directory).isDirectoryNotContaining(left -> !left.equals(file));
    }

    @Test
    void nobodyElseCanReadAFile() throws Exception {
        Path file = directory.resolve("secret");

        OwnFiles.write(file, "x");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
