package io.torii.engine.yarn.agent;

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
import java.security.PrivilegedExceptionAction;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jars on the cluster's file system, each kept once, under the digest of its contents, where every user can read it: nodes
 * then keep them too, once for all engines. Thread-safe.
 */
final class Staging {
    private static final Logger log = LoggerFactory.getLogger(Staging.class);
    private static final FsPermission DIRECTORY = new FsPermission((short) 0755);
    private static final FsPermission FILE = new FsPermission((short) 0644);

    private final AgentSettings settings;
    private final Login login;
    /** Where what was staged is, by what it was made of. */
    private final Map<String, String> staged = new HashMap<>();

    Staging(AgentSettings settings, Login login) {
        this.settings = settings;
        this.login = login;
    }

    /** Where the program of the engines is. */
    String engine() throws AgentException {
        return jar(Path.of(settings.engineJar()));
    }

    /** Where this jar is. Fails if there is none. */
    synchronized String jar(Path file) throws AgentException {
        if (!Files.isRegularFile(file)) {
            throw AgentException.refused("there is no file " + file, null);
        }
        String made = print(List.of(file));
        if (isThere(made)) {
            return staged.get(made);
        }
        String address = staged(file, file.getFileName().toString());
        staged.put(made, address);
        return address;
    }

    /** Where Spark's own jars are, as one archive. */
    synchronized String spark() throws AgentException {
        Path home = Path.of(System.getenv("SPARK_HOME"), "jars");
        try {
            List<Path> jars = jars(home);
            String made = print(jars);
            if (!isThere(made)) {
                Path archive = Files.createTempFile(Path.of(settings.workDirectory()), "spark-", ".zip");
                try {
                    zip(jars, archive);
                    staged.put(made, staged(archive, "spark-jars.zip"));
                } finally {
                    Files.deleteIfExists(archive);
                }
            }
            return staged.get(made);
        } catch (IOException failure) {
            throw AgentException.refused("cannot pack Spark's jars in " + home + ": " + failure, failure);
        }
    }

    /** Somebody may have tidied up the cluster's file system. */
    private boolean isThere(String made) throws AgentException {
        String address = staged.get(made);
        if (address == null) {
            return false;
        }
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(address);
        return onCluster(
                path.getName(), () -> path.getFileSystem(new Configuration()).exists(path));
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

    private static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private String staged(Path file, String name) throws AgentException {
        return onCluster(name, () -> upload(file, digest(file), name));
    }

    private <T> T onCluster(String name, PrivilegedExceptionAction<T> action) throws AgentException {
        try {
            return login.as("", action);
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

    /** Whoever is first uploads: under another name, so that nobody sees half of it. */
    private String upload(Path file, String digest, String name) throws IOException, AgentException {
        FileSystem files = FileSystem.get(new Configuration());
        org.apache.hadoop.fs.Path root = root(files, settings);
        org.apache.hadoop.fs.Path directory = new org.apache.hadoop.fs.Path(root, digest);
        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(directory, name);
        if (!files.exists(target)) {
            for (org.apache.hadoop.fs.Path made : List.of(root, directory)) {
                if (!files.exists(made)) {
                    FileSystem.mkdirs(files, made, DIRECTORY);
                }
            }
            org.apache.hadoop.fs.Path part =
                    new org.apache.hadoop.fs.Path(directory, "." + name + "." + UUID.randomUUID());
            try {
                files.copyFromLocalFile(false, true, new org.apache.hadoop.fs.Path(file.toUri()), part);
                files.setPermission(part, FILE);
                if (!files.rename(part, target) && !files.exists(target)) {
                    throw new IOException("cannot rename " + part + " to " + target);
                }
                log.info("staged {} as {}", name, target);
            } finally {
                files.delete(part, false);
            }
        }
        requireReadable(files, target);
        return target.toUri().toString();
    }

    /** Where all of it is. */
    static org.apache.hadoop.fs.Path root(FileSystem files, AgentSettings settings) {
        return settings.staging().isEmpty()
                ? new org.apache.hadoop.fs.Path(files.getHomeDirectory(), ".torii")
                : files.makeQualified(new org.apache.hadoop.fs.Path(settings.staging()));
    }

    /** The innermost of these directories, from this one upwards, which others cannot enter. */
    static Optional<FileStatus> closed(FileSystem files, org.apache.hadoop.fs.Path directory) throws IOException {
        for (org.apache.hadoop.fs.Path parent = directory; parent != null; parent = parent.getParent()) {
            FileStatus status = files.getFileStatus(parent);
            if (!status.getPermission().getOtherAction().implies(FsAction.EXECUTE)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    private static void requireReadable(FileSystem files, org.apache.hadoop.fs.Path file)
            throws IOException, AgentException {
        Optional<FileStatus> closed = closed(files, file.getParent());
        if (closed.isPresent()) {
            throw AgentException.refused(
                    "other users cannot read " + file + ", since "
                            + closed.get().getPath().toUri().getPath() + " is "
                            + closed.get().getPermission()
                            + "; set staging-directory to a directory that all may read",
                    null);
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
}
