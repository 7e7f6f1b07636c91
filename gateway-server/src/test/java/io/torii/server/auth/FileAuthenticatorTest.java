package io.torii.server.auth;

import static io.torii.server.auth.Answers.assertWrong;
import static io.torii.server.auth.Answers.failure;
import static io.torii.server.auth.Answers.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuthenticatorTest {
    private static final String ALICE = "alice:" + hash("wonder", 4) + ":analysts, admins";
    private static final String BOB = "bob:" + hash("builder", 4);

    private final MovableClock clock = new MovableClock();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void writeUsers() throws IOException {
        file = directory.resolve("users");
        write("# our users", "", ALICE, "  " + BOB + "  ");
    }

    @Test
    void aRightPasswordIsAnIdentityWithItsGroups() throws Exception {
        FileAuthenticator authenticator = authenticator();

        assertThat(identity(login(authenticator, "alice", "wonder")))
                .isEqualTo(new Identity("alice", Set.of("analysts", "admins")));
        assertThat(identity(login(authenticator, "bob", "builder"))).isEqualTo(new Identity("bob", Set.of()));
        assertThat(authenticator.admitsAnyone()).isFalse();
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreTheSame() {
        FileAuthenticator authenticator = authenticator();

        assertWrong(login(authenticator, "alice", "builder"));
        assertWrong(login(authenticator, "Alice", "wonder"));
        assertWrong(login(authenticator, "carol", "wonder"));
        assertWrong(login(authenticator, "alice", ""));
        assertWrong(login(authenticator, " ", "wonder"));
    }

    @Test
    void findsUsersWhoHaveNotLoggedIn() throws Exception {
        FileAuthenticator authenticator = authenticator();

        assertThat(authenticator.find("alice").get(30, TimeUnit.SECONDS))
                .contains(new Identity("alice", Set.of("analysts", "admins")));
        assertWrong(authenticator.find("Alice").thenApply(Optional::orElseThrow));
        assertWrong(authenticator.find("carol").thenApply(Optional::orElseThrow));
    }

    @Test
    void anUnknownUserCostsAsMuchAsAKnownOne() throws IOException {
        write("alice:" + hash("wonder", 12));
        FileAuthenticator authenticator = authenticator();
        assertWrong(login(authenticator, "alice", "malice"));
        long start = System.nanoTime();

        assertWrong(login(authenticator, "carol", "malice"));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("4096 rounds of bcrypt")
                .isGreaterThan(Duration.ofMillis(30));
    }

    @Test
    void hashesOnTheExecutorAndOnlyOncePerUserAndPassword() {
        Queue<Runnable> work = new ArrayDeque<>();
        FileAuthenticator authenticator = new FileAuthenticator(file, work::add, clock);
        CompletableFuture<Identity> first = login(authenticator, "alice", "wonder");
        CompletableFuture<Identity> second = login(authenticator, "alice", "wonder");
        assertThat(first).isNotDone();
        assertThat(work).hasSize(1);

        work.remove().run();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(login(authenticator, "alice", "wonder")).isCompleted();
        assertThat(work).isEmpty();
    }

    @Test
    void tooManyAtOnceIsNoWrongPassword() {
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };

        assertThat(failure(login(new FileAuthenticator(file, full, clock), "alice", "wonder"))
                        .code())
                .isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
    }

    @Test
    void aChangedFileIsReadAgain() throws Exception {
        FileAuthenticator authenticator = authenticator();
        identity(login(authenticator, "alice", "wonder"));
        identity(login(authenticator, "bob", "builder"));

        write("alice:" + hash("looking-glass", 4) + ":queens", "carol:" + hash("singer", 4));
        clock.advance(Duration.ofSeconds(1));

        assertThat(identity(login(authenticator, "alice", "looking-glass")).groups())
                .containsExactly("queens");
        assertThat(identity(login(authenticator, "carol", "singer")).user()).isEqualTo("carol");
        assertWrong(login(authenticator, "alice", "wonder"));
        assertWrong(login(authenticator, "bob", "builder"));
    }

    @Test
    void changedGroupsHoldAtOnceForWhoWasJustChecked() throws Exception {
        FileAuthenticator authenticator = authenticator();
        identity(login(authenticator, "alice", "wonder"));

        write(ALICE + ",queens");
        clock.advance(Duration.ofSeconds(1));

        assertThat(identity(login(authenticator, "alice", "wonder")).groups()).contains("queens");
    }

    @Test
    void aChangeWithMistakesIsLoggedOnceAndTheUsersBeforeItStay() throws Exception {
        FileAuthenticator authenticator = authenticator();
        write("carol:" + hash("singer", 4), "bob");

        String log = printed(() -> {
            for (int turn = 0; turn < 3; turn++) {
                clock.advance(Duration.ofSeconds(2));
                identity(login(authenticator, "bob", "builder"));
                assertWrong(login(authenticator, "carol", "singer"));
            }
        });

        assertThat(log.lines().filter(line -> line.contains("users file has mistakes")))
                .singleElement()
                .asString()
                .contains("ERROR", file.toString(), "line 2: expected name:hash or name:hash:group,group");
    }

    @Test
    void mistakesThatAreMendedAreForgotten() throws Exception {
        FileAuthenticator authenticator = authenticator();
        write("bob");
        clock.advance(Duration.ofSeconds(1));
        identity(login(authenticator, "bob", "builder"));

        write("carol:" + hash("singer", 4));
        clock.advance(Duration.ofSeconds(1));

        assertThat(identity(login(authenticator, "carol", "singer")).user()).isEqualTo("carol");
    }

    @Test
    void theUsersStayWhileTheFileIsAway() throws Exception {
        FileAuthenticator authenticator = authenticator();
        Files.delete(file);
        clock.advance(Duration.ofSeconds(1));

        assertThat(identity(login(authenticator, "bob", "builder")).user()).isEqualTo("bob");
    }

    @Test
    void allMistakesAreNamedWithTheirLines() throws IOException {
        String rest = hash("x", 4);
        write(
                ALICE,
                "# a comment is no mistake",
                "bob",
                ":" + rest,
                "carol:secret",
                "dave:$2b$31$" + rest.substring(7),
                "erin:" + rest + ":a:b",
                BOB,
                "alice:" + rest);

        assertThatIllegalArgumentException()
                .isThrownBy(this::authenticator)
                .withMessage("Users file " + file + ": line 3: expected name:hash or name:hash:group,group;"
                        + " line 4: the name is empty or has control characters;"
                        + " line 5: the hash is no bcrypt hash ($2a$, $2b$ or $2y$);"
                        + " line 6: the hash has cost 31, expected 4 to 16;"
                        + " line 7: expected name:hash or name:hash:group,group;"
                        + " line 9: user alice is there already");
    }

    @Test
    void aGroupThatNobodyCanWriteIsAMistake() throws IOException {
        write(ALICE + ",ana\tlysts");

        assertThatIllegalArgumentException()
                .isThrownBy(this::authenticator)
                .withMessage("Users file " + file + ": line 1: a group has control characters");
    }

    @Test
    void aFileThatDoesNotExistIsAMistakeAndTheSentenceSaysWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FileAuthenticator(directory.resolve("none"), Runnable::run, clock))
                .withMessage(
                        "Users file " + directory.resolve("none") + " does not exist: create it with a line name:hash"
                                + " for each user (bin/torii hash-password makes hashes), or name another by"
                                + " authentication.file.path");
    }

    @Test
    void aFileThatCannotBeReadIsAMistake() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FileAuthenticator(directory, Runnable::run, clock))
                .withMessageContaining(directory + " cannot be read");
        Files.write(file, "zoë:x".getBytes(StandardCharsets.ISO_8859_1));
        assertThatIllegalArgumentException()
                .isThrownBy(this::authenticator)
                .withMessage("Users file " + file + " is not UTF-8");
    }

    @Test
    void theTemplateHasNoUsers() throws IOException {
        assertThat(UsersFile.read(Path.of("..", "conf", "users.template")).users())
                .isEmpty();
    }

    private FileAuthenticator authenticator() {
        return new FileAuthenticator(file, Runnable::run, clock);
    }

    private static CompletableFuture<Identity> login(FileAuthenticator authenticator, String user, String password) {
        return authenticator.authenticate(user, new Secret(password));
    }

    private void write(String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private static String hash(String password, int cost) {
        return BCrypt.with(BCrypt.Version.VERSION_2B).hashToString(cost, password.toCharArray());
    }

    private interface Steps {
        void run() throws Exception;
    }

    /** What is logged meanwhile: the log goes to the standard output. */
    private static String printed(Steps steps) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            steps.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
