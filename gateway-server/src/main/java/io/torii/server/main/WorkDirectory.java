package io.torii.server.main;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The directory in which one gateway keeps its files, for its owner's eyes only. A lock, which the operating system takes
 * back whatever happens to the process, keeps a second gateway out. One thread at a time.
 */
final class WorkDirectory implements AutoCloseable {
    private static final String PID = "gateway.pid";
    private static final String PORTS = "ports.properties";
    private static final String STORE = "store";
    static final long LEAST_FREE_BYTES = 64L << 20;

    private final Path path;
    private final FileChannel pidFile;

    private WorkDirectory(Path path, FileChannel pidFile) {
        this.path = path;
        this.pidFile = pidFile;
    }

    /**
     * Makes the directory, if need be, and takes it.
     *
     * @throws IOException in one sentence, if it cannot be used or another gateway has it
     */
    static WorkDirectory take(Path path) throws IOException {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path.toAbsolutePath().getParent());
                createForOwner(path);
            }
            if (!Files.isDirectory(path.resolve(STORE))) {
                createForOwner(path.resolve(STORE)); // the directory around it may be open to others
            }
        } catch (IOException e) {
            throw new IOException("The work directory " + path + " cannot be made: " + reason(e), e);
        }
        Path file = path.resolve(PID);
        String owner;
        requireSpace(path);
        try {
            Optional<FileChannel> pidFile = lock(file);
            if (pidFile.isPresent()) {
                return taken(path, pidFile.get());
            }
            owner = Files.readString(file).strip();
        } catch (IOException e) {
            throw new IOException("The work directory " + path + " cannot be written to: " + reason(e), e);
        }
        throw new IOException("A gateway (pid " + owner + ") is using the work directory " + path
                + "; stop it, or choose another with gateway.work-directory");
    }

    /** The pid of the gateway that has this directory now. */
    static Optional<Long> owner(Path path) {
        Path file = path.resolve(PID);
        try {
            long pid = Long.parseLong(Files.readString(file).strip());
            Optional<FileChannel> left = lock(file);
            if (left.isPresent()) {
                left.get().close();
                return Optional.empty();
            }
            return Optional.of(pid);
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    Path path() {
        return path;
    }

    /** For the embedded database, which holds the secrets of engines: for the owner's eyes only. */
    Path store() {
        return store(path);
    }

    /** That of whichever gateway has this directory. */
    static Path store(Path path) {
        return path.resolve(STORE);
    }

    /** Tells whoever started the gateway that it listens, and where. */
    void publish(Map<String, Integer> ports) throws IOException {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(ports)
                .forEach((name, port) ->
                        text.append(name).append('=').append(port).append('\n'));
        Path draft = Files.writeString(path.resolve(PORTS + ".new"), text);
        Files.move(draft, path.resolve(PORTS), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the gateway that has this directory has published. */
    static Map<String, Integer> ports(Path path) {
        Properties read = new Properties();
        try (var in = Files.newBufferedReader(path.resolve(PORTS))) {
            read.load(in);
        } catch (IOException notYet) {
            return Map.of();
        }
        Map<String, Integer> ports = new TreeMap<>();
        read.stringPropertyNames().forEach(name -> ports.put(name, Integer.parseInt(read.getProperty(name))));
        return ports;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path.resolve(PORTS));
        pidFile.truncate(0);
        pidFile.close();
    }

    private static WorkDirectory taken(Path path, FileChannel pidFile) throws IOException {
        try {
            pidFile.truncate(0);
            pidFile.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            Files.deleteIfExists(path.resolve(PORTS));
            return new WorkDirectory(path, pidFile);
        } catch (IOException e) {
            pidFile.close();
            throw e;
        }
    }

    /** A database that runs out of space while it starts says so in many words. */
    private static void requireSpace(Path path) throws IOException {
        long free = Files.getFileStore(path).getUsableSpace();
        if (free < LEAST_FREE_BYTES) {
            throw new IOException("There are only " + (free >> 10) + " KiB free at the work directory " + path
                    + ", and a gateway needs " + (LEAST_FREE_BYTES >> 10)
                    + "; free some, or choose another with gateway.work-directory");
        }
    }

    private static void createForOwner(Path directory) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** The file, open and locked for as long as it is; empty if another has locked it. */
    private static Optional<FileChannel> lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            locked = false;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        return locked ? Optional.of(channel) : Optional.empty();
    }

    /** A failure to do with a file has the file's name for its message. */
    private static String reason(IOException failure) {
        return failure instanceof FileSystemException file
                ? Optional.ofNullable(file.getReason())
                        .orElseGet(
                                () -> file.getClass().getSimpleName().replace("Exception", "") + " " + file.getFile())
                : failure.getMessage();
    }
}
