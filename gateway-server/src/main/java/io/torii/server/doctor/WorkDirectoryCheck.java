package io.torii.server.doctor;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the gateway can keep its files. */
public final class WorkDirectoryCheck implements Check {
    private static final String ADVICE = "choose another with gateway.work-directory";

    private final Path path;
    private final long least;
    private final long comfortable;
    private final String user;
    private final Optional<RunningGateway> running;

    /**
     * @param least bytes that must be free
     * @param comfortable bytes that should be free: local engines spill to it, too
     * @param user who looks
     */
    public WorkDirectoryCheck(Path path, long least, long comfortable, String user, Optional<RunningGateway> running) {
        this.path = path;
        this.least = least;
        this.comfortable = comfortable;
        this.user = user;
        this.running = running;
    }

    @Override
    public String subject() {
        return "work directory";
    }

    @Override
    public List<Finding> look() {
        try {
            return List.of(finding());
        } catch (IOException unusable) {
            return List.of(Finding.fail(subject(), path + " cannot be used: " + unusable, ADVICE));
        }
    }

    private Finding finding() throws IOException {
        Path there = path.toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        boolean made = there.equals(path.toAbsolutePath());
        if (!Files.isDirectory(there)) {
            return Finding.fail(subject(), there + " is a file", "move it away, or " + ADVICE);
        }
        if (!Files.isWritable(there)) {
            return Finding.fail(
                    subject(),
                    made
                            ? user + " cannot write to " + path
                            : "there is none, and " + user + " cannot make it in " + there,
                    "let the gateway's user write there, or " + ADVICE);
        }
        String owner = Files.getOwner(there).getName();
        if (made && !owner.equals(user)) {
            return Finding.warn(
                    subject(),
                    path + " is of " + owner + ", and this is " + user,
                    "run the doctor and the gateway as the same user, so that what one can read the other can");
        }
        long free = Files.getFileStore(there).getUsableSpace();
        String found = (made ? path.toString() : path + " will be made") + ", with " + (free >> 20) + " MiB free"
                + running.map(gateway -> ", in use by " + gateway.words()).orElse("");
        if (free < least) {
            return Finding.fail(
                    subject(), found + ", where a gateway needs " + (least >> 20), "free some, or " + ADVICE);
        }
        return free < comfortable
                ? Finding.warn(subject(), found, "free some: logs, the store and local engines' results are kept there")
                : Finding.ok(subject(), found);
    }
}
