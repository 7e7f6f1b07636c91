package io.torii.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** One world for all tests that leave it as they found it: started with the first, ended with the JVM. */
final class SharedWorld {
    private static final World WORLD = start();

    private SharedWorld() {}

    static World get() {
        return WORLD;
    }

    /** Small enough for two processors; nothing else differs from what a new user gets. */
    static String configuration() {
        return """
                clusters:
                  - name: local
                    type: local
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                      spark.sql.shuffle.partitions: "2"
                """;
    }

    private static World start() {
        try {
            Path directory = Files.createTempDirectory("torii-world-");
            World world = World.start(directory, configuration());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                world.close();
                delete(directory);
            }));
            return world;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
