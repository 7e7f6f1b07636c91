package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.wire.WireConnection;
import io.torii.wire.WireConnector;
import io.torii.wire.WireException;
import io.torii.wire.WireOptions;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What matters most, over a real connection. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WireTest extends EngineTest {
    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private WireServer server;
    private WireConnection connection;
    private TestClient carol;

    @BeforeEach
    void connect() throws Exception {
        server = WireServer.start("127.0.0.1", 0, "secret", service.handler(), WireOptions.defaults());
        connection = TestClient.get(new WireConnector(loops, Runnable::run, WireOptions.defaults())
                .connect("127.0.0.1", server.port(), "secret"));
        carol = new TestClient(connection::call, "carol", TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
    }

    @AfterEach
    void disconnect() {
        connection.close();
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void runsAStatement() {
        String session = carol.open();

        assertThat(carol.rows(session, "SELECT current_user(), 1")).containsExactly("carol,1");
        carol.close(session);
        assertThat(service.sessions()).isZero();
    }

    @Test
    void cancelsOverTheConnectionOnWhichAPollIsOutstanding() {
        String session = carol.open();
        String statement = carol.execute(session, StatementsTest.FOREVER);
        carol.running(session, statement);
        CompletableFuture<TestClient.Status> poll = carol.poll(session, statement, Duration.ofSeconds(50));
        long start = System.nanoTime();

        carol.cancel(session, statement);

        assertThat(TestClient.get(poll).state()).isEqualTo("CANCELED_STATE");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void opensTwoHundredSessionsAtOnceWithAStatementEach() {
        List<String> sessions = new ArrayList<>();
        List<CompletableFuture<?>> openings = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String session = java.util.UUID.randomUUID().toString();
            sessions.add(session);
            openings.add(carol.opening(session, Collections.emptyMap()));
        }
        openings.forEach(TestClient::get);
        List<String> statements = new ArrayList<>();
        sessions.forEach(session -> statements.add(carol.execute(session, "SELECT 1")));

        for (int i = 0; i < 200; i++) {
            assertThat(carol.end(sessions.get(i), statements.get(i)).state()).isEqualTo("FINISHED_STATE");
            assertThat(TestClient.strings(
                            carol.fetch(sessions.get(i), statements.get(i), TFetchOrientation.FETCH_NEXT, 0)))
                    .containsExactly("1");
        }
    }

    @Test
    void journalsAStatementInAnyScript() {
        String session = carol.open();
        String sql = "CREATE TEMPORARY VIEW `größe` AS SELECT '漢字 + %20 \n\t' AS x";

        assertThat(carol.run(session, sql).journal()).isEqualTo(sql);
    }

    @Test
    void saysWhatItDoesNotHave() {
        assertThatThrownBy(() -> carol.execute(java.util.UUID.randomUUID().toString(), "SELECT 1"))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.NO_SUCH_SESSION));
        String session = carol.open();
        assertThatThrownBy(
                        () -> carol.cancel(session, java.util.UUID.randomUUID().toString()))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.NO_SUCH_STATEMENT));
        service.refuseNew();
        assertThatThrownBy(() -> carol.open()).isInstanceOfSatisfying(WireException.class, e -> assertThat(e.status())
                .isEqualTo(WireProtocol.DRAINING));
    }
}
