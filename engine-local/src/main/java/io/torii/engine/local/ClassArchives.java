package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import io.torii.launch.JvmArguments;
import io.torii.launch.OwnFiles;
import io.torii.launch.SparkHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache of class-data archives, which halve the time that Spark needs to start: the first process on a class path
 * lists the classes that it loads, a background process of low priority makes the archive, later processes map it. A
 * missing, outdated or broken archive costs speed, never a start. Thread-safe.
 */
final class ClassArchives implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClassArchives.class);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int KEPT = 4;

    private final Path directory;
    private final Path javaHome;
    private final Clock clock;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<Process> dump = new AtomicReference<>();

    ClassArchives(Path directory, Path javaHome, Clock clock, ScheduledExecutorService scheduler, Executor executor) {
        this.directory = requireNonNull(directory, "directory");
        this.javaHome = requireNonNull(javaHome, "javaHome");
        this.clock = requireNonNull(clock, "clock");
        this.executor = requireNonNull(executor, "executor");
        this.scheduler = requireNonNull(scheduler, "scheduler");
    }

    /** Options that use the archive of this class path or, while there is none, list the classes into the file. */
    List<String> optionsFor(List<Path> classPath, Path list) {
        Path archive = archive(classPath);
        if (Files.isReadable(archive)) {
            touch(archive);
            return List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-Xlog:cds=off", "-Xlog:class+path=off");
        }
        return List.of("-XX:DumpLoadedClassList=" + list);
    }

    /** Makes the archive in the background, unless there is one, out of a list that a process has written. */
    void learn(List<Path> classPath, Path list) {
        Path archive = archive(classPath);
        if (closed.get() || Files.exists(archive) || !Files.isReadable(list) || !busy.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> make(classPath, list, archive));
        } catch (RuntimeException refused) {
            busy.set(false);
            log.debug("No class archive: the executor is shut down", refused);
        }
    }

    /** Forgets an archive that may have brought a process down. */
    void discard(List<Path> classPath) {
        try {
            if (Files.deleteIfExists(archive(classPath))) {
                log.warn("Discarded a class archive after a crash archive={}", archive(classPath));
            }
        } catch (IOException failure) {
            log.warn("Cannot discard a class archive archive={}", archive(classPath), failure);
        }
    }

    @Override
    public void close() {
        closed.set(true);
        Process running = dump.getAndSet(null);
        if (running != null) {
            running.destroyForcibly();
        }
    }

    private void make(List<Path> classPath, Path list, Path archive) {
        Path classes = archive.resolveSibling(archive.getFileName() + ".list");
        Path fresh = archive.resolveSibling(archive.getFileName() + ".new");
        try {
            OwnFiles.ensureDirectory(directory);
            OwnFiles.write(classes, ownClasses(list));
            Files.deleteIfExists(fresh);
            Path arguments = archive.resolveSibling(archive.getFileName() + ".args");
            OwnFiles.write(arguments, JvmArguments.file(dumpArguments(classPath, classes, fresh)));
            dump(arguments, fresh, archive);
        } catch (IOException | RuntimeException failure) {
            busy.set(false);
            log.warn("Cannot make a class archive: engines start more slowly archive={}", archive, failure);
        }
    }

    private void dump(Path arguments, Path fresh, Path archive) throws IOException {
        Process process = start(arguments);
        dump.set(process);
        if (closed.get()) {
            close();
        }
        try {
            finish(
                    process,
                    scheduler.schedule(process::destroyForcibly, LIMIT.toSeconds(), TimeUnit.SECONDS),
                    fresh,
                    archive);
        } catch (RejectedExecutionException shuttingDown) {
            process.destroyForcibly();
            throw shuttingDown;
        }
    }

    private void finish(Process process, ScheduledFuture<?> limit, Path fresh, Path archive) {
        CompletableFuture<Void> finished = process.onExit().thenAccept(ended -> {
            limit.cancel(false);
            dump.compareAndSet(ended, null);
            try {
                if (ended.exitValue() == 0 && Files.isReadable(fresh)) {
                    Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    log.info("Made a class archive: engines start faster from now on archive={}", archive);
                } else {
                    Files.deleteIfExists(fresh);
                    log.debug("Making a class archive failed exitCode={}", ended.exitValue());
                }
                removeOld();
            } catch (IOException failure) {
                log.warn("Cannot keep a class archive archive={}", archive, failure);
            } finally {
                busy.set(false);
            }
        });
        finished.exceptionally(failure -> {
            log.warn("Cannot finish a class archive archive={}", archive, failure);
            return null;
        });
    }

    private Process start(Path arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/nice"))) {
            command.addAll(List.of("/usr/bin/nice", "-n", "19"));
        }
        command.add(javaHome.resolve("bin/java").toString());
        command.add("@" + arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        return builder.redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(directory.resolve("archive.log").toFile())
                .start();
    }

    private static List<String> dumpArguments(List<Path> classPath, Path classes, Path archive) {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xshare:dump",
                "-Xmx1g",
                "-Xlog:cds=error",
                "-XX:SharedClassListFile=" + classes,
                "-XX:SharedArchiveFile=" + archive));
        arguments.addAll(JvmArguments.FOR_SPARK);
        arguments.add("-cp");
        arguments.add(SparkHome.joined(classPath));
        return arguments;
    }

    /** Without what users' class loaders have loaded, and without a last line that is being written. */
    private static String ownClasses(Path list) throws IOException {
        String text = Files.readString(list, StandardCharsets.UTF_8);
        StringBuilder own = new StringBuilder();
        text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> !line.contains(" source: "))
                .forEach(line -> own.append(line).append('\n'));
        return own.toString();
    }

    private void removeOld() throws IOException {
        List<Path> archives;
        try (Stream<Path> files = Files.list(directory)) {
            archives = files.filter(file -> file.toString().endsWith(".jsa"))
                    .sorted(Comparator.comparing(ClassArchives::lastUse).reversed())
                    .toList();
        }
        for (Path old : archives.subList(Math.min(KEPT, archives.size()), archives.size())) {
            Files.deleteIfExists(old);
            Files.deleteIfExists(old.resolveSibling(old.getFileName() + ".list"));
            Files.deleteIfExists(old.resolveSibling(old.getFileName() + ".args"));
        }
    }

    private static FileTime lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private void touch(Path archive) {
        try {
            Files.setLastModifiedTime(archive, FileTime.fromMillis(clock.millis()));
        } catch (IOException unwritable) {
            log.debug("Cannot touch archive={}", archive, unwritable);
        }
    }

    /** Another Java, another jar, a changed jar: another archive. */
    private Path archive(List<Path> classPath) {
        StringBuilder key = new StringBuilder(describe(javaHome.resolve("release")))
                .append(describe(javaHome.resolve("lib/modules")));
        classPath.forEach(jar -> key.append(describe(jar)));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(key.toString().getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(digest, 0, 8) + ".jsa");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String describe(Path file) {
        try {
            return file + "|" + Files.size(file) + "|"
                    + Files.getLastModifiedTime(file).toMillis() + "\n";
        } catch (IOException absent) {
            return file + "|-\n";
        }
    }
}
