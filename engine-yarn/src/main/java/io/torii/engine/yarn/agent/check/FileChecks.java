package io.torii.engine.yarn.agent.check;

import io.torii.api.check.Finding;
import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.agent.hadoop.Patience;
import io.torii.engine.yarn.agent.launch.StagingDirectory;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.AgentSettings;
import io.torii.engine.yarn.message.Subject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.security.AccessControlException;

/** Whether the cluster's file system can keep what engines are launched from. Makes nothing there. Thread-safe. */
final class FileChecks {
    private static final long LITTLE = 1L << 30; // Spark's jars and Torii's take a third of it

    /** Thrown by Hadoop's calls. */
    private interface Question<T> {
        T ask(FileSystem files) throws IOException;
    }

    private final AgentSettings settings;
    private final Login login;
    private final Configuration site;

    FileChecks(AgentSettings settings, Login login) {
        this.settings = settings;
        this.login = login;
        this.site = Patience.littleWithFiles(settings);
    }

    String adviceIfSilent() {
        return "start it, or correct fs.defaultFS (" + FileSystem.getDefaultUri(site)
                + ") in core-site.xml of hadoop-conf-dir"
                + (FileSystem.getDefaultUri(site).getPort() < 0
                        ? ", where hdfs-site.xml says what a name service stands for"
                        : "");
    }

    Finding answers() throws AgentException {
        String subject = Subject.FILES.words();
        if (FileSystem.getDefaultUri(site).getScheme().equals("file")) {
            return Finding.fail(
                    subject,
                    "fs.defaultFS is " + FileSystem.getDefaultUri(site) + ", which the nodes do not share",
                    "take the cluster's own core-site.xml into hadoop-conf-dir");
        }
        return ask("", files -> {
            files.getFileStatus(new Path("/"));
            if (files instanceof DistributedFileSystem hdfs && hdfs.isInSafeMode()) {
                return Finding.fail(
                        subject,
                        files.getUri() + " is in safe mode: nothing can be written",
                        "wait until its DataNodes have reported, or see `hdfs dfsadmin -safemode get`");
            }
            long free = files.getStatus().getRemaining();
            String found = files.getUri() + " answers, with " + (free >> 20) + " MiB free";
            return free < LITTLE
                    ? Finding.warn(subject, found, "free some: each new version of Spark's jars needs 400 MiB")
                    : Finding.ok(subject, found);
        });
    }

    Finding staging() throws AgentException {
        return ask("", this::staging);
    }

    private Finding staging(FileSystem files) throws IOException {
        String subject = Subject.STAGING.words();
        String self = self();
        Path root = StagingDirectory.root(files, settings);
        Path there = existing(files, root);
        boolean made = there.equals(root);
        String name = path(root);
        if (!files.getFileStatus(there).isDirectory()) {
            return Finding.fail(subject, path(there) + " is a file", "set yarn.staging-directory to a directory");
        }
        try {
            files.access(there, made ? FsAction.ALL : FsAction.WRITE_EXECUTE);
        } catch (AccessControlException refused) {
            return Finding.fail(
                    subject,
                    made
                            ? self + " may not write to " + name
                            : "there is no " + name + ", and " + self + " may not make it in " + path(there),
                    "have " + name + " made for " + self
                            + " (`hdfs dfs -mkdir -p` and `-chown`), or set yarn.staging-directory to another");
        }
        Optional<FileStatus> closed = StagingDirectory.closed(files, there);
        if (closed.isPresent()) {
            return Finding.fail(
                    subject,
                    "other users cannot read " + name + ", since "
                            + path(closed.get().getPath()) + " is "
                            + closed.get().getPermission(),
                    "let all users enter it (`hdfs dfs -chmod o+x`), or set yarn.staging-directory to a directory that"
                            + " all may read");
        }
        Optional<FileStatus> open = StagingDirectory.open(files, there, made ? 1 : 0, self);
        if (open.isPresent()) {
            return Finding.fail(
                    subject,
                    StagingDirectory.sentence(open.get(), self),
                    (open.get().getPath().equals(root)
                                    ? "correct that (`hdfs dfs -chown` and `-chmod 755`)"
                                    : "make it sticky (`hdfs dfs -chmod +t`)")
                            + ", or set yarn.staging-directory to a directory of " + self + "'s own");
        }
        return Finding.ok(
                subject, made ? name + ", which all users can read" : name + " will be made at the first launch");
    }

    Finding proxy(AgentCall.Check call) throws AgentException {
        String subject = Subject.FILES_PROXY.words();
        String self = self();
        String user = call.user();
        Optional<Finding> needless = ManagerChecks.needless(subject, self, user);
        if (needless.isPresent()) {
            return needless.get();
        }
        try {
            return ask(user, files -> {
                files.getFileStatus(new Path("/"));
                return home(call, files).orElseGet(() -> Finding.ok(subject, self + " may act for " + user));
            });
        } catch (AgentException refused) {
            return Finding.fail(subject, ProxyAdvice.said(refused), ProxyAdvice.of(self, user, refused.getMessage()));
        }
    }

    /** Spark keeps the files of a launch in its user's home; one whom nobody has named need not have any. */
    private static Optional<Finding> home(AgentCall.Check call, FileSystem files) throws IOException {
        if (!call.named() || call.spark().containsKey("spark.yarn.stagingDir")) {
            return Optional.empty();
        }
        Path home = files.getHomeDirectory();
        try {
            files.access(existing(files, home), FsAction.WRITE_EXECUTE);
            return Optional.empty();
        } catch (AccessControlException refused) {
            return Optional.of(Finding.fail(
                    Subject.FILES_PROXY.words(),
                    call.user() + " cannot write to its home " + path(home)
                            + ", where Spark keeps the files of a launch",
                    "have it made (`hdfs dfs -mkdir` and `-chown`), or set spark.yarn.stagingDir"));
        }
    }

    private static Path existing(FileSystem files, Path directory) throws IOException {
        Path there = directory;
        while (there.getParent() != null) {
            try {
                return files.getFileStatus(there).getPath();
            } catch (FileNotFoundException missing) {
                there = there.getParent();
            }
        }
        return there;
    }

    private static String path(Path path) {
        return path.toUri().getPath();
    }

    private String self() {
        try {
            return login.self().getShortUserName();
        } catch (AgentException failed) {
            throw new IllegalStateException("logged in before", failed);
        }
    }

    private <T> T ask(String user, Question<T> question) throws AgentException {
        try {
            return login.as(user, () -> {
                try (FileSystem files = FileSystem.newInstance(site)) {
                    return question.ask(files);
                }
            });
        } catch (AgentException known) {
            throw known;
        } catch (Exception failure) {
            String reason = "the file system " + FileSystem.getDefaultUri(site);
            throw Causes.isSilence(failure)
                    ? AgentException.unreachable(
                            reason + " does not answer (" + Causes.sentence(failure) + ")", failure)
                    : AgentException.refused(reason + " says: " + Causes.sentence(failure), failure);
        }
    }
}
