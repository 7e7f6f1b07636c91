package io.torii.engine.yarn.agent.launch;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.agent.hadoop.Deadline;
import io.torii.engine.yarn.message.AgentSettings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Jars on the cluster's file system, each kept once, under the digest of its contents, where every user can read it: nodes
 * then keep them too, once for all engines. Over a slow link that takes longer than a launch may: it goes on when nobody waits
 * for it any more, for those who come later. Thread-safe.
 */
public final class Staging {
    /** So long before its deadline a caller is answered. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final AgentSettings settings;
    private final JarStore store;
    private final ExecutorService uploads = Executors.newSingleThreadExecutor(Staging::thread);
    /** Where what was staged is, or will be, by what it is made of. */
    private final ConcurrentMap<String, CompletableFuture<String>> staged = new ConcurrentHashMap<>();

    public Staging(AgentSettings settings, JarStore store) {
        this.settings = settings;
        this.store = store;
    }

    /** Where the program of the engines is. */
    public String engine(Deadline deadline) throws AgentException {
        return jar(Path.of(settings.engineJar()), deadline);
    }

    /** Where this jar is. Fails if there is none. */
    public String jar(Path file, Deadline deadline) throws AgentException {
        if (!Files.isRegularFile(file)) {
            throw AgentException.refused("there is no file " + file, null);
        }
        String name = file.getFileName().toString();
        return staged(name, print(List.of(file)), () -> store.put(file, digest(file), name), deadline);
    }

    /** Where Spark's own jars are, as one archive. */
    public String spark(Deadline deadline) throws AgentException {
        Path home = Path.of(System.getenv("SPARK_HOME"), "jars");
        List<Path> jars = jars(home);
        return staged("spark-jars.zip", print(jars), () -> packed(jars), deadline);
    }

    private String packed(List<Path> jars) throws IOException, AgentException {
        Path archive = Files.createTempFile(Path.of(settings.workDirectory()), "spark-", ".zip");
        try {
            zip(jars, archive);
            return store.put(archive, digest(archive), "spark-jars.zip");
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    private String staged(String name, String made, Callable<String> upload, Deadline deadline) throws AgentException {
        CompletableFuture<String> there = staged.get(made);
        if (there != null && there.isDone() && !isKept(there)) {
            staged.remove(made, there);
        }
        CompletableFuture<String> address =
                staged.computeIfAbsent(made, fresh -> CompletableFuture.supplyAsync(() -> called(upload), uploads));
        return outcome(name, address, deadline);
    }

    /** Somebody may have tidied up the cluster's file system. */
    private boolean isKept(CompletableFuture<String> address) throws AgentException {
        return !address.isCompletedExceptionally() && store.has(address.join());
    }

    private String outcome(String name, CompletableFuture<String> address, Deadline deadline) throws AgentException {
        try {
            return address.get(deadline.left().minus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw AgentException.refused(
                    name + " is still being put on the file system of cluster " + settings.cluster() + store.progress()
                            + "; try again in a while",
                    slow);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AgentException known) {
                throw known;
            }
            throw AgentException.refused(
                    "cannot read " + name + " to put it on the file system of cluster " + settings.cluster() + ": "
                            + Causes.sentence(failed),
                    failed);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw AgentException.refused("the agent is ending", ending);
        }
    }

    private static String called(Callable<String> upload) {
        try {
            return upload.call();
        } catch (Exception failure) {
            throw new CompletionException(failure);
        }
    }

    /** Changes when one of the files does. */
    private static String print(List<Path> files) throws AgentException {
        StringBuilder print = new StringBuilder();
        try {
            for (Path file : files) {
                print.append(file)
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file));
            }
            return print.toString();
        } catch (IOException failure) {
            throw AgentException.refused("cannot read " + failure.getMessage(), failure);
        }
    }

    private static List<Path> jars(Path directory) throws AgentException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException failure) {
            throw AgentException.refused("cannot read Spark's jars in " + directory + ": " + failure, failure);
        }
    }

    /** Without compression: jars have theirs. In a fixed order and without times, so that equal jars make equal archives. */
    private static void zip(List<Path> files, Path archive) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(0);
            for (Path file : files) {
                ZipEntry entry = new ZipEntry(file.getFileName().toString());
                entry.setTimeLocal(java.time.LocalDateTime.of(2000, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestOutputStream digest =
                        new DigestOutputStream(OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(digest);
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "staging");
        thread.setDaemon(true);
        return thread;
    }
}
