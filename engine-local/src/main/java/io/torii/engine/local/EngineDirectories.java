package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.Application;
import io.torii.api.engine.LaunchTag;
import io.torii.launch.OwnFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * One directory per launch, named by its tag: the record of the local cluster, which survives the gateway. May block.
 * Thread-safe as far as one launch is written by one thread.
 */
final class EngineDirectories {
    private static final String LOG = "engine.log";
    private static final String PROCESS = "process.properties";
    private static final String END = "end.properties";
    private static final Set<String> KEPT_AFTER_THE_END =
            Set.of(LOG, LOG + ".1", PROCESS, END, "hs_err.log", SparkProgram.CLASS_LIST);

    private final Path root;

    EngineDirectories(Path root) {
        this.root = requireNonNull(root, "root");
    }

    Path of(LaunchTag tag) {
        return root.resolve(tag.value());
    }

    /** Creates the directory of a launch; fails with FileAlreadyExistsException if it is there. */
    Path create(LaunchTag tag) throws IOException {
        OwnFiles.ensureDirectory(root);
        OwnFiles.createDirectory(of(tag));
        OwnFiles.write(log(tag), "");
        return of(tag);
    }

    boolean has(LaunchTag tag) {
        return Files.isDirectory(of(tag), LinkOption.NOFOLLOW_LINKS);
    }

    Path log(LaunchTag tag) {
        return of(tag).resolve(LOG);
    }

    void started(LaunchTag tag, ProcessIdentity process) throws IOException {
        OwnFiles.writeProperties(
                of(tag).resolve(PROCESS), Map.of("pid", Long.toString(process.pid()), "birth", process.birth()));
    }

    /** The process of a launch, running or not. */
    Optional<ProcessIdentity> process(LaunchTag tag) throws IOException {
        Properties record = OwnFiles.readProperties(of(tag).resolve(PROCESS));
        String pid = record.getProperty("pid", "");
        return pid.matches("\\d{1,18}")
                ? Optional.of(new ProcessIdentity(Long.parseLong(pid), record.getProperty("birth", "")))
                : Optional.empty();
    }

    void ended(Application application) throws IOException {
        OwnFiles.writeProperties(
                of(application.tag()).resolve(END),
                Map.of("id", application.id(), "diagnostics", application.diagnostics()));
    }

    /** How a launch ended; empty while it runs, or if nobody has seen its end. */
    Optional<Application> end(LaunchTag tag) throws IOException {
        Properties record = OwnFiles.readProperties(of(tag).resolve(END));
        return record.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Application.ended(tag, record.getProperty("id", ""), record.getProperty("diagnostics", "")));
    }

    /** All launches, ended ones included. */
    List<LaunchTag> tags() throws IOException {
        List<LaunchTag> tags = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "torii-*")) {
            for (Path entry : entries) {
                tagOf(entry).filter(this::has).ifPresent(tags::add);
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return tags;
    }

    /** Leaves of an ended launch what people may want to read, and what another gateway writes of its end just now. */
    void strip(LaunchTag tag) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(of(tag))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!KEPT_AFTER_THE_END.contains(name) && !name.startsWith(END + ".")) {
                    OwnFiles.delete(entry);
                }
            }
        }
    }

    void remove(LaunchTag tag) throws IOException {
        OwnFiles.delete(of(tag));
    }

    /** Removes ended launches but for the latest ones. */
    void removeOld(int kept) throws IOException {
        List<LaunchTag> ended = new ArrayList<>();
        for (LaunchTag tag : tags()) {
            if (Files.exists(of(tag).resolve(END), LinkOption.NOFOLLOW_LINKS)) {
                ended.add(tag);
            }
        }
        ended.sort(Comparator.comparing((LaunchTag tag) -> timeOf(of(tag).resolve(END)))
                .reversed());
        for (LaunchTag tag : ended.subList(Math.min(kept, ended.size()), ended.size())) {
            remove(tag);
        }
    }

    /** When the directory was made or last had a file added, in milliseconds since 1970. */
    long changedAt(LaunchTag tag) {
        return timeOf(of(tag)).toMillis();
    }

    /** Cuts a log that has grown too long; its process appends to it all the while. */
    void limitLog(LaunchTag tag, long limit) throws IOException {
        Path log = log(tag);
        if (!Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS) || Files.size(log) <= limit) {
            return;
        }
        OwnFiles.write(log.resolveSibling(LOG + ".1"), LogTail.text(log, (int) Math.min(limit / 4, 4 << 20)));
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.truncate(0);
        }
    }

    private static Optional<LaunchTag> tagOf(Path entry) {
        try {
            return Optional.of(new LaunchTag(entry.getFileName().toString()));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    private static FileTime timeOf(Path file) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }
}
