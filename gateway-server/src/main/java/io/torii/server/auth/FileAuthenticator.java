package io.torii.server.auth;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords against a file of bcrypt hashes, which is read again when it changes; a change with mistakes is logged
 * and the users before it stay. Hashing is done by the executor, and takes as long for a user who does not exist.
 * Thread-safe.
 */
public final class FileAuthenticator implements Authenticator {
    private static final Logger log = LoggerFactory.getLogger(FileAuthenticator.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration VALIDITY = Duration.ofSeconds(60);

    private record Stamp(FileTime modified, long size, Object file) {}

    private record Loaded(UsersFile users, PasswordHash decoy) {}

    private final Path path;
    private final Executor executor;
    private final Clock clock;
    private final VerifiedPasswords verified;
    private volatile Loaded loaded;
    private Stamp seen;
    private volatile long lookedMillis;

    /**
     * Fails with an IllegalArgumentException that names what is wrong with the file and in which lines.
     *
     * @param executor for hashing; bounded
     */
    public FileAuthenticator(Path path, Executor executor, Clock clock) {
        this.path = requireNonNull(path, "path");
        this.executor = requireNonNull(executor, "executor");
        this.clock = requireNonNull(clock, "clock");
        this.verified = new VerifiedPasswords(clock, VALIDITY);
        try {
            this.seen = stamp();
            this.loaded = load();
        } catch (IOException e) {
            throw new IllegalArgumentException(unreadable(e), e);
        }
        this.lookedMillis = clock.millis();
    }

    private String unreadable(IOException problem) {
        String file = "Users file " + path.toAbsolutePath();
        return problem instanceof NoSuchFileException
                ? file + " does not exist: create it with a line name:hash for each user (bin/torii hash-password makes"
                        + " hashes), or name another by authentication.file.path"
                : file + " cannot be read: " + problem;
    }

    @Override
    public CompletableFuture<Identity> authenticate(String user, Secret password) {
        if (user.isBlank() || password.value().isEmpty()) {
            return CompletableFuture.failedFuture(wrong());
        }
        return clock.millis() - lookedMillis < LOOK_AGAIN.toMillis()
                ? check(user, password, loaded.users)
                : onExecutor(this::latest).thenCompose(users -> check(user, password, users));
    }

    @Override
    public CompletableFuture<Optional<Identity>> find(String user) {
        return onExecutor(this::latest).thenApply(users -> {
            UsersFile.User known = users.users().get(user);
            if (known == null) {
                throw wrong();
            }
            return Optional.of(new Identity(user, known.groups()));
        });
    }

    @Override
    public boolean admitsAnyone() {
        return false;
    }

    private CompletableFuture<Identity> check(String user, Secret password, UsersFile users) {
        UsersFile.User known = users.users().get(user);
        PasswordHash hash = known == null ? loaded.decoy : known.hash();
        Set<String> groups = known == null ? Set.of() : known.groups();
        return verified.of(
                user,
                password,
                hash.text() + groups,
                () -> onExecutor(() -> {
                    boolean right = hash.matches(password);
                    if (!right || known == null) {
                        throw wrong();
                    }
                    return new Identity(user, groups);
                }));
    }

    private <T> CompletableFuture<T> onExecutor(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new GatewayException(
                    ErrorCode.TOO_MANY_SESSIONS, "Too many passwords are being checked at once; try again", e));
        }
    }

    private synchronized UsersFile latest() {
        if (clock.millis() - lookedMillis < LOOK_AGAIN.toMillis()) {
            return loaded.users;
        }
        lookedMillis = clock.millis();
        Stamp before = seen;
        try {
            seen = stamp();
            if (!seen.equals(before)) {
                loaded = load();
                log.info(
                        "users file read again path={} users={}",
                        path,
                        loaded.users.users().size());
            }
        } catch (IllegalArgumentException e) {
            log.error("users file has mistakes, users stay as they were path={} problem={}", path, e.getMessage());
        } catch (IOException e) {
            seen = before;
            log.error("users file cannot be read, users stay as they were path={} problem={}", path, e.toString());
        }
        return loaded.users;
    }

    private Loaded load() throws IOException {
        UsersFile users = UsersFile.read(path);
        int cost = users.users().values().stream()
                .mapToInt(user -> user.hash().cost())
                .max()
                .orElse(10);
        return new Loaded(users, decoy(cost));
    }

    private Stamp stamp() throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
    }

    /** A hash that no password has, to spend the same time on users who do not exist. */
    private static PasswordHash decoy(int cost) {
        return new PasswordHash(String.format("$2a$%02d$", cost) + ".".repeat(53));
    }

    private static GatewayException wrong() {
        return new GatewayException(ErrorCode.AUTHENTICATION_FAILED, "Unknown user or wrong password");
    }
}
