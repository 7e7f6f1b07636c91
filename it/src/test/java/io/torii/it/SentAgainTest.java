package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway is killed before it has answered a submission, which its client sends again to the gateway's successor. */
@Tag("system")
class SentAgainTest {
    private static final TProtocolVersion VERSION = TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10;

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.start(
                directory,
                """
                engine:
                  heartbeat-interval: 1s
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                """);
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "binary"})
    void runsOnceIfItWasNotAnswered(String transport) throws Exception {
        String table = "unanswered_" + transport;
        TSessionHandle session = restartedWhileInserting(transport, table);

        try (RawClient client = connect(transport, "once")) {
            run(client, session, slowInsert(table));
            assertThat(rows(client, session, table)).isEqualTo(1);
            run(client, session, slowInsert(table));
            assertThat(rows(client, session, table)).isEqualTo(2);
        }
    }

    @Test
    void runsOnceIfItsClientDoesNotWaitForItsEnd() throws Exception {
        String table = "unawaited";
        TSessionHandle session = restartedWhileInserting("http", table);

        try (RawClient client = connect("http", "once")) {
            TOperationHandle again = client.execute(session, slowInsert(table)); // answered before an engine is asked
            assertThat(client.end(again).getOperationState()).isEqualTo(TOperationState.FINISHED_STATE);
            assertThat(rows(client, session, table)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "binary"})
    void runsAgainIfItWasAnswered(String transport) throws Exception {
        String table = "answered_" + transport;
        String insert = "INSERT INTO " + table + " VALUES (1)";
        TSessionHandle session;
        try (RawClient client = connect(transport, "twice")) {
            session = client.open(VERSION, Map.of());
            run(client, session, "CREATE TABLE " + table + " (a INT) USING parquet");
            run(client, session, insert);
            run(client, session, "SELECT 'by then the engine has heard that the handle arrived'");
            world.killGateway();
        }

        world.restartGateway();

        try (RawClient client = connect(transport, "twice")) {
            run(client, session, insert);
            assertThat(rows(client, session, table)).isEqualTo(2);
        }
    }

    @Test
    void runsOnceIfItWaitedForAnEngine() throws Exception {
        String create = "CREATE TABLE waited USING parquet AS SELECT 1 AS a"; // fails where it runs twice
        int before = world.engines().size();
        TSessionHandle session;
        CompletableFuture<TOperationHandle> unanswered;
        try (RawClient client = connect("http", "waiter")) {
            session = client.open(VERSION, Map.of());
            unanswered = CompletableFuture.supplyAsync(() -> run(client, session, create));
            Eventually.holds(
                    Duration.ofSeconds(20), () -> assertThat(world.engines()).hasSizeGreaterThan(before));
            world.killGateway();
        }
        assertThatThrownBy(() -> unanswered.get(30, TimeUnit.SECONDS)).hasMessageContaining("lost");

        world.restartGateway();

        try (RawClient client = connect("http", "waiter")) {
            run(client, session, create);
            assertThat(rows(client, session, "waited")).isEqualTo(1);
        }
    }

    /** The gateway is killed while the slow insert into that table, which is made first, runs unanswered; returns its session. */
    private static TSessionHandle restartedWhileInserting(String transport, String table) throws Exception {
        TSessionHandle session;
        CompletableFuture<TOperationHandle> unanswered;
        try (RawClient client = connect(transport, "once");
                RawClient watcher = connect("http", "once")) {
            session = client.open(VERSION, Map.of());
            run(client, session, "CREATE TABLE " + table + " (a STRING) USING parquet");
            TSessionHandle another = watcher.open(VERSION, Map.of());
            unanswered = CompletableFuture.supplyAsync(() -> run(client, session, slowInsert(table)));
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hasBegun(watcher, another, table))
                    .isTrue());
            world.killGateway();
        }
        assertThatThrownBy(() -> unanswered.get(30, TimeUnit.SECONDS)).hasMessageContaining("lost");
        world.restartGateway();
        return session;
    }

    private static RawClient connect(String transport, String user) throws Exception {
        return transport.equals("http")
                ? RawClient.overHttp(world.httpPort(), user, "x")
                : RawClient.connect(world.thriftPort(), user, "x");
    }

    /** Takes seconds, and tells that it has begun. */
    private static String slowInsert(String table) {
        return "INSERT INTO " + table + " SELECT concat(coalesce(java_method('java.lang.System', 'setProperty', 'began."
                + table + "', 'yes'), ''), coalesce(java_method('java.lang.Thread', 'sleep', 4000L), ''))";
    }

    private static boolean hasBegun(RawClient client, TSessionHandle session, String table) throws Exception {
        TOperationHandle asked = run(
                client, session, "SELECT java_method('java.lang.System', 'getProperty', 'began." + table + "', 'no')");
        return client.fetch(asked, 1)
                .getResults()
                .getColumns()
                .get(0)
                .getStringVal()
                .getValues()
                .contains("yes");
    }

    private static long rows(RawClient client, TSessionHandle session, String table) throws Exception {
        TOperationHandle counted = run(client, session, "SELECT count(*) FROM " + table);
        return client.fetch(counted, 1)
                .getResults()
                .getColumns()
                .get(0)
                .getI64Val()
                .getValues()
                .get(0);
    }

    /** Submits and waits for the answer, which comes with the statement's end. */
    private static TOperationHandle run(RawClient client, TSessionHandle session, String sql) {
        TExecuteStatementResp answer;
        try {
            answer = client.service().ExecuteStatement(new TExecuteStatementReq(session, sql));
        } catch (Exception lost) {
            throw new IllegalStateException("the answer is lost", lost);
        }
        assertThat(answer.getStatus().getStatusCode())
                .as(answer.getStatus().getErrorMessage())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
        return answer.getOperationHandle();
    }
}
