package io.torii.spark.result;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of pages that only its owner can read. Its name is gone as soon as it is open, where the system allows that: so it
 * ends with the engine, however that ends. Not a channel: an interrupt would close that for everyone. Thread-safe.
 */
final class SpillFile implements Closeable {
    private final Path path;
    private final RandomAccessFile file;
    private long length;

    private SpillFile(Path path) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    static SpillFile create(Path directory) throws IOException {
        Files.createDirectories(directory);
        SpillFile spill = new SpillFile(Files.createTempFile(directory, "result-", ".pages"));
        spill.path.toFile().delete();
        return spill;
    }

    /** Appends and returns where. */
    synchronized long append(byte[] bytes) throws IOException {
        long at = length;
        file.seek(at);
        file.write(bytes);
        length += bytes.length;
        return at;
    }

    synchronized byte[] read(long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        file.seek(at);
        file.readFully(bytes);
        return bytes;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }
}
