package io.torii.engine.yarn.agent.launch;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.agent.hadoop.Patience;
import io.torii.engine.yarn.message.AgentSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's own directory on the cluster's file system, from which every engine gets its program: all can read it, and nobody
 * else may write there. One thread at a time puts files; thread-safe otherwise.
 */
public final class StagingDirectory implements JarStore {
    /** Thrown by Hadoop's calls. */
    private interface Question<T> {
        T ask(FileSystem files) throws IOException, AgentException;
    }

    private static final Logger log = LoggerFactory.getLogger(StagingDirectory.class);
    private static final FsPermission DIRECTORY = new FsPermission((short) 0755);
    private static final FsPermission FILE = new FsPermission((short) 0644);
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);
    /** A file, its digest's directory and the root of all. */
    private static final int OWN = 3;

    private static final String PART = ".part-";

    private final AgentSettings settings;
    private final Login login;
    private FileSystem files;
    private final AtomicLong written = new AtomicLong();
    private volatile long size;

    public StagingDirectory(AgentSettings settings, Login login) {
        this.settings = settings;
        this.login = login;
    }

    @Override
    public boolean has(String address) throws AgentException {
        Path file = new Path(address);
        return ask(file.getName(), there -> {
            boolean exists = there.exists(file);
            if (exists) {
                requireOurs(there, file);
            }
            return exists;
        });
    }

    @Override
    public String put(java.nio.file.Path file, String digest, String name) throws AgentException {
        return ask(name, there -> {
            Path root = root(there, settings);
            Path directory = new Path(root, digest);
            Path target = new Path(directory, name);
            if (!there.exists(target)) {
                for (Path made : List.of(root, directory)) {
                    if (!there.exists(made)) {
                        FileSystem.mkdirs(there, made, DIRECTORY);
                    }
                }
                removeLeft(there, directory);
                upload(there, file, target);
            }
            requireReadable(there, target);
            requireOurs(there, target);
            if (there.getFileStatus(target).getLen() != Files.size(file)) {
                throw AgentException.refused(
                        target + " is not as long as it was when it was put there; remove it, and it is put there anew",
                        null);
            }
            return target.toUri().toString();
        });
    }

    @Override
    public String progress() {
        return size == 0 ? "" : " (" + (written.get() >> 20) + " of " + (size >> 20) + " MiB)";
    }

    /** Where all of it is. */
    public static Path root(FileSystem files, AgentSettings settings) {
        return settings.staging().isEmpty()
                ? new Path(files.getHomeDirectory(), ".torii")
                : files.makeQualified(new Path(settings.staging()));
    }

    /** The innermost of these directories, from this one upwards, which others cannot enter. */
    public static Optional<FileStatus> closed(FileSystem files, Path directory) throws IOException {
        for (Path parent = directory; parent != null; parent = parent.getParent()) {
            FileStatus status = files.getFileStatus(parent);
            if (!status.getPermission().getOtherAction().implies(FsAction.EXECUTE)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** Under another name, so that nobody sees half of it. Whoever is first wins. */
    private void upload(FileSystem there, java.nio.file.Path file, Path target) throws IOException {
        Path part = new Path(target.getParent(), PART + UUID.randomUUID());
        try {
            size = Files.size(file);
            try (InputStream in = Files.newInputStream(file);
                    OutputStream out = there.create(part, false)) {
                byte[] bytes = new byte[1 << 16];
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    out.write(bytes, 0, count);
                    written.addAndGet(count);
                }
            }
            there.setPermission(part, FILE);
            if (!there.rename(part, target) && !there.exists(target)) {
                throw new IOException("cannot rename " + part + " to " + target);
            }
            log.info("staged {}", target);
        } finally {
            size = 0;
            written.set(0);
            there.delete(part, false);
        }
    }

    /** By agents that ended while they put something there. */
    private static void removeLeft(FileSystem there, Path directory) throws IOException {
        long old = System.currentTimeMillis() - LEFT_BEHIND.toMillis();
        for (FileStatus one : there.listStatus(directory)) {
            if (one.getPath().getName().startsWith(PART) && one.getModificationTime() < old) {
                there.delete(one.getPath(), false);
            }
        }
    }

    private static void requireReadable(FileSystem there, Path file) throws IOException, AgentException {
        Optional<FileStatus> closed = closed(there, file.getParent());
        if (closed.isPresent()) {
            throw AgentException.refused(
                    "other users cannot read " + file + ", since "
                            + closed.get().getPath().toUri().getPath() + " is "
                            + closed.get().getPermission()
                            + "; set staging-directory to a directory that all may read",
                    null);
        }
    }

    /** Nobody else can have changed it, or can put something else in its place. */
    private void requireOurs(FileSystem there, Path file) throws IOException, AgentException {
        String self = login.self().getShortUserName();
        Optional<FileStatus> open = open(there, file, OWN, self);
        if (open.isPresent()) {
            throw AgentException.refused(
                    sentence(open.get(), self) + "; correct that, or set staging-directory to a directory of " + self
                            + "'s own",
                    null);
        }
    }

    /**
     * The innermost of these, from this path upwards, which others than that user can change, as far as the file system knows
     * owners.
     *
     * @param own how many of them must be that user's
     */
    public static Optional<FileStatus> open(FileSystem there, Path path, int own, String self) throws IOException {
        if (!there.hasPathCapability(path, CommonPathCapabilities.FS_PERMISSIONS)) {
            return Optional.empty();
        }
        int height = 0;
        for (Path one = path; one != null; one = one.getParent()) {
            FileStatus status = there.getFileStatus(one);
            FsPermission permission = status.getPermission();
            boolean others = permission.getOtherAction().implies(FsAction.WRITE);
            boolean unsafe = height < own
                    ? others
                            || permission.getGroupAction().implies(FsAction.WRITE)
                            || !status.getOwner().equals(self)
                    : others && !permission.getStickyBit(); // where nobody can rename what is another's
            if (unsafe) {
                return Optional.of(status);
            }
            height++;
        }
        return Optional.empty();
    }

    /** What is wrong with it. */
    public static String sentence(FileStatus open, String self) {
        return "others than " + self + " can change " + open.getPath().toUri().getPath()
                + ", from which engines would get their program: it belongs to " + open.getOwner() + " and is "
                + open.getPermission();
    }

    private <T> T ask(String name, Question<T> question) throws AgentException {
        try {
            return login.as("", () -> question.ask(files()));
        } catch (AgentException known) {
            throw known;
        } catch (Exception failure) {
            String reason = "cannot put " + name + " on the file system of cluster " + settings.cluster() + ": "
                    + Causes.sentence(failure);
            throw Causes.isSilence(failure)
                    ? AgentException.unreachable(reason, failure)
                    : AgentException.refused(reason, failure);
        }
    }

    private synchronized FileSystem files() throws IOException {
        if (files == null) {
            files = FileSystem.newInstance(Patience.littleWithFiles(settings));
        }
        return files;
    }
}
