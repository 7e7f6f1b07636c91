package io.torii.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All that is up, in one directory: ends with the program, however that ends. Thread-safe. */
final class Stage implements AutoCloseable {
    private final Path directory;
    private final List<Opponent> up = new ArrayList<>();
    private final Thread atExit = new Thread(this::end, "end-opponents");
    private boolean ended;

    Stage() throws IOException {
        this.directory = Files.createTempDirectory("torii-bench-");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    Path directory() {
        return directory;
    }

    void start(Opponent opponent) throws Exception {
        synchronized (this) {
            if (ended) {
                throw new IllegalStateException("interrupted");
            }
            up.add(opponent);
        }
        try {
            opponent.start();
        } catch (Exception problem) {
            throw new IllegalStateException(
                    opponent.name() + " does not come up; what it has printed is below " + directory, problem);
        }
    }

    private synchronized void end() {
        ended = true;
        up.forEach(Opponent::close);
        up.clear();
    }

    /** Ends all; logs stay unless all went well. */
    @Override
    public void close() {
        end();
    }

    void deleteFiles() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
