package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.BOB;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.torii.api.Secret;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.audit.AuditTrail;
import io.torii.server.audit.AuditTrail.SessionLookup;
import io.torii.server.audit.AuditTrail.Stage;
import io.torii.server.audit.AuditedSessions;
import io.torii.server.audit.AuditedStatements;
import io.torii.server.audit.SqlText;
import io.torii.server.engine.FakeEngine;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.TestGateway.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Exactly one line in the audit log for every statement that was accepted, however it ended. */
class StatementAuditTest {
    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");
    private final GatewayMetrics metrics = new GatewayMetrics();
    private final List<String> lines = new ArrayList<>();
    private final AuditTrail trail = new AuditTrail(
            new SessionLookup(gateway.live::engineOf, gateway.live::knows, gateway.live::userOf),
            (id, caller) -> gateway.statements.status(id, caller, Duration.ZERO),
            lines::add,
            new SqlText(SqlText.Extent.FULL, 1_000, Pattern.compile(SqlText.SECRETS), new Secret("key")),
            Duration.ofHours(3),
            metrics,
            world.time);
    private final AuditedStatements statements = new AuditedStatements(gateway.statements, trail, metrics);
    private final AuditedSessions sessions = new AuditedSessions(gateway.sessions, statements, trail);

    StatementAuditTest() {
        gateway.live.whenGone(trail::sessionEnded);
    }

    @AfterEach
    void end() {
        metrics.close();
    }

    @Test
    void aFinishedStatementHasItsLineWhenItIsClosed() throws Exception {
        SessionId session = gateway.open();
        StatementId id = submit(session, "select 1");
        engine().finish(id);
        status(id);
        Body page = now(statements.fetch(id, ALICE, new FetchRequest(Content.ROWS, Orientation.NEXT, 10)));
        int bytes = now(page.next()).orElseThrow().readableBytes();
        assertThat(lines).isEmpty();

        now(statements.close(id, ALICE));
        now(sessions.close(session, ALICE));

        JsonNode line = onlyLine();
        assertThat(line.get("user").asText()).isEqualTo("alice");
        assertThat(line.get("address").asText()).isEqualTo("10.0.0.1");
        assertThat(line.get("session").asText()).isEqualTo(session.toString());
        assertThat(line.get("statement").asText()).isEqualTo(id.toString());
        assertThat(line.get("cluster").asText()).isEqualTo("local");
        assertThat(line.get("engine").asText())
                .isEqualTo(engine().engine().tag().toString());
        assertThat(line.get("sql").asText()).isEqualTo("select 1");
        assertThat(line.get("sqlDigest").asText()).isEqualTo("db6c6bb4c21e645e");
        assertThat(line.get("state").asText()).isEqualTo("FINISHED");
        assertThat(line.get("reason").asText()).isEqualTo("statement-closed");
        assertThat(line.get("pages").asInt()).isEqualTo(1);
        assertThat(line.get("bytes").asInt()).isEqualTo(bytes).isPositive();
    }

    @Test
    void aStatementThatFailedBeforeItHadAnEngineHasItsSqlStateAndNoEngine() throws Exception {
        world.engines.launchesFail("no such jar");
        StatementId id = submit(gateway.open(), "select 1");
        status(id);

        now(statements.close(id, ALICE));

        JsonNode line = onlyLine();
        assertThat(line.get("state").asText()).isEqualTo("FAILED");
        assertThat(line.get("sqlState").asText()).isEqualTo("08001");
        assertThat(line.has("engine")).isFalse();
    }

    @Test
    void aCancelledStatementThatNobodyAskedForAgainIsAskedForAtItsClose() throws Exception {
        world.engines.startSlowly();
        StatementId id = submit(gateway.open(), "select 1");
        now(statements.cancel(id, ALICE));

        now(statements.close(id, ALICE));

        assertThat(onlyLine().get("state").asText()).isEqualTo("CANCELED");
    }

    @Test
    void statementsThatEndWithTheirSessionHaveTheirLines() throws Exception {
        SessionId session = gateway.open();
        StatementId running = submit(session, "select 1");
        StatementId finished = submit(session, "select 2");
        engine().finish(finished); // and nobody asks

        now(sessions.close(session, ALICE));

        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(line).contains("\"reason\":\"session-ended\""));
        assertThat(lineOf(running).get("state").asText()).isEqualTo("CLOSED");
        assertThat(lineOf(finished).get("state").asText()).isEqualTo("FINISHED");
    }

    @Test
    void statementsOfASessionThatWasIdleTooLongHaveTheirLines() throws Exception {
        StatementId id = submit(gateway.open(), "select 1");
        engine().finish(id);

        world.time.advance(TestGateway.IDLE.plusMinutes(5));
        gateway.tick();
        world.time.advance(Duration.ofMinutes(5));
        gateway.tick();

        assertThat(onlyLine().get("statement").asText()).isEqualTo(id.toString());
    }

    @Test
    void aStatementWhoseEngineWasLostFailed() throws Exception {
        StatementId id = submit(gateway.open(), "insert into t values (1)");
        String engine = engine().engine().tag().toString();
        engine().die();

        now(statements.close(id, ALICE));

        JsonNode line = onlyLine();
        assertThat(line.get("state").asText()).isEqualTo("FAILED");
        assertThat(line.get("sqlState").asText()).isEqualTo("08S01");
        assertThat(line.get("engine").asText()).isEqualTo(engine);
    }

    @Test
    void aStatementClosedAtAnotherGatewayHasItsLineOnceThisOneHears() throws Exception {
        SessionId session = gateway.open();
        submit(session, "select 1");
        now(other.sessions.close(session, ALICE));
        assertThat(lines).isEmpty();

        world.time.advance(Duration.ofSeconds(11));
        sessions.require(session, ALICE);

        assertThat(onlyLine().get("reason").asText()).isEqualTo("session-ended");
    }

    @Test
    void whatEndedWhileItsClientWasAtAnotherGatewayIsFoundOut() throws Exception {
        StatementId id = submit(gateway.open(), "select 1");
        engine().finish(id);
        trail.tick();
        assertThat(trail.count(Stage.ENDED)).as("asked for a moment ago").isZero();

        world.time.advance(Duration.ofSeconds(61));
        trail.tick();
        assertThat(trail.count(Stage.ENDED)).isEqualTo(1);
        world.time.advance(Duration.ofHours(3).plusSeconds(1));
        trail.tick();

        JsonNode line = onlyLine();
        assertThat(line.get("state").asText()).isEqualTo("FINISHED");
        assertThat(line.get("reason").asText()).isEqualTo("unused");
    }

    @Test
    void aStatementClosedAtAnotherGatewayIsWrittenDownWhileItsSessionGoesOn() throws Exception {
        SessionId session = gateway.open();
        StatementId closed = submit(session, "select 1");
        submit(session, "select 2");
        now(other.statements.close(closed, ALICE));

        world.time.advance(Duration.ofSeconds(61));
        trail.tick();

        JsonNode line = onlyLine();
        assertThat(line.get("statement").asText()).isEqualTo(closed.toString());
        assertThat(line.get("reason").asText()).isEqualTo("elsewhere");
    }

    @Test
    void closingTwiceIsOneLine() {
        StatementId id = submit(gateway.open(), "select 1");

        now(statements.close(id, ALICE));
        statements.close(id, ALICE);

        assertThat(lines).hasSize(1);
    }

    @Test
    void somebodyElsesCloseIsNoLine() {
        StatementId id = submit(gateway.open(), "select 1");

        statements.close(id, BOB);

        assertThat(lines).isEmpty();
        assertThat(trail.count(Stage.WAITING) + trail.count(Stage.RUNNING)).isEqualTo(1);
    }

    @Test
    void aRefusedSubmissionIsNoLineButIsCounted() {
        world.statementsPerSession = 1;
        TestGateway strict = new TestGateway(world, "strict");
        AuditedStatements audited = new AuditedStatements(strict.statements, trail, metrics);
        SessionId session = strict.open();
        StatementRequest request = new StatementRequest("select 1", Map.of(), Optional.empty());
        audited.submit(session, ALICE, request);

        assertThat(audited.submit(session, ALICE, request)).isCompletedExceptionally();

        assertThat(metrics.scrape())
                .contains("torii_submissions_total{kind=\"sql\",outcome=\"accepted\"} 1.0")
                .contains("torii_submissions_total{kind=\"sql\",outcome=\"refused\"} 1.0");
    }

    @Test
    void whatHasEndedAndNobodyAsksForHasItsLine() throws Exception {
        StatementId id = submit(gateway.open(), "select 1");
        engine().finish(id);
        status(id);

        world.time.advance(Duration.ofHours(3).plusSeconds(1));
        trail.tick();
        statements.close(id, ALICE);

        assertThat(onlyLine().get("reason").asText()).isEqualTo("unused");
    }

    @Test
    void aGatewayThatEndsWritesDownWhatItLeaves() throws Exception {
        StatementId id = submit(gateway.open(), "select 1");
        status(id);

        trail.close();

        JsonNode line = onlyLine();
        assertThat(line.get("state").asText()).isEqualTo("RUNNING");
        assertThat(line.get("reason").asText()).isEqualTo("gateway-ended");
    }

    @Test
    void statementsAreCountedByStageAndEnd() {
        SessionId session = gateway.open();
        StatementId running = submit(session, "select 1");
        StatementId finished = submit(session, "select 2");
        engine().finish(finished);
        status(running);
        status(finished);

        assertThat(trail.count(Stage.RUNNING)).isEqualTo(1);
        assertThat(trail.count(Stage.ENDED)).isEqualTo(1);
        assertThat(metrics.scrape()).contains("torii_statement_duration_seconds_count{state=\"finished\"} 1");
    }

    private StatementId submit(SessionId session, String sql) {
        return now(statements.submit(session, ALICE, new StatementRequest(sql, Map.of(), Optional.empty())));
    }

    private void status(StatementId id) {
        now(statements.status(id, ALICE, Duration.ZERO));
    }

    private FakeEngine engine() {
        return world.engines.last();
    }

    private JsonNode onlyLine() throws Exception {
        assertThat(lines).hasSize(1);
        return new ObjectMapper().readTree(lines.get(0));
    }

    private JsonNode lineOf(StatementId id) throws Exception {
        return new ObjectMapper()
                .readTree(lines.stream()
                        .filter(line -> line.contains(id.toString()))
                        .findFirst()
                        .orElseThrow());
    }
}
