package io.torii.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.auth.Identity;
import io.torii.server.session.Caller;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditLineTest {
    private static final Instant SUBMITTED = Instant.ofEpochMilli(1_000);

    @Test
    void isOneLineWhateverItsTextsHold() throws Exception {
        String sql = "select '\n\r\u2028\u2029\u0085\u001b[2J\u009b \u202e\" \\ {} ä 😀'";
        Trace trace = trace("eve\nuser=root", sql);

        String line = AuditLine.of(trace, "statement-closed", SUBMITTED);

        assertThat(line.chars()).noneMatch(Character::isISOControl);
        assertThat(line).doesNotContain("\u2028", "\u2029", "\u202e").contains("ä 😀");
        var read = new ObjectMapper().readTree(line);
        assertThat(read.get("sql").asText()).isEqualTo(sql);
        assertThat(read.get("user").asText()).isEqualTo("eve\nuser=root");
    }

    @Test
    void hasTimesInMillisecondsAndWhatItWaited() throws Exception {
        Trace trace = trace("alice", "select 1");
        trace.seen(
                new StatementStatus(
                        StatementState.FINISHED,
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        Optional.of(Instant.ofEpochMilli(1_250)),
                        Optional.of(Instant.ofEpochMilli(3_000))),
                Instant.ofEpochMilli(9_999));

        var read = new ObjectMapper().readTree(AuditLine.of(trace, "statement-closed", SUBMITTED));

        assertThat(read.get("submittedMillis").asLong()).isEqualTo(1_000);
        assertThat(read.get("startedMillis").asLong()).isEqualTo(1_250);
        assertThat(read.get("endedMillis").asLong()).isEqualTo(3_000);
        assertThat(read.get("waitedMillis").asLong()).isEqualTo(250);
    }

    @Test
    void ofAFailureThereIsItsSqlStateAndNoWordIsKept() throws Exception {
        Trace trace = trace("alice", "select 1/0");

        trace.seen(
                StatementStatus.failed(
                        new StatementFailure("22012", 1, "Division by zero", List.of("and a long trace")), SUBMITTED),
                SUBMITTED);

        var read = new ObjectMapper().readTree(AuditLine.of(trace, "statement-closed", SUBMITTED));
        assertThat(read.get("state").asText()).isEqualTo("FAILED");
        assertThat(read.get("sqlState").asText()).isEqualTo("22012");
        assertThat(Trace.class.getDeclaredFields())
                .extracting(Field::getType)
                .doesNotContain(StatementStatus.class, StatementFailure.class);
    }

    @Test
    void namesWhoActsForTheUser() throws Exception {
        var read = new ObjectMapper()
                .readTree(AuditLine.of(trace("alice", "hue", "select 1"), "statement-closed", SUBMITTED));

        assertThat(read.get("user").asText()).isEqualTo("alice");
        assertThat(read.get("login").asText()).isEqualTo("hue");
        assertThat(AuditLine.of(trace("alice", "select 1"), "statement-closed", SUBMITTED))
                .doesNotContain("login");
    }

    private static Trace trace(String user, String sql) {
        return trace(user, user, sql);
    }

    private static Trace trace(String user, String login, String sql) {
        return new Trace(
                StatementId.random(SessionId.random()),
                user,
                new Caller(new Identity(login, Set.of()), "10.0.0.1"),
                "sql",
                Optional.of(new SqlText.Shown("0123456789abcdef", sql.length(), Optional.of(sql))),
                SUBMITTED,
                new StatementEvent());
    }
}
