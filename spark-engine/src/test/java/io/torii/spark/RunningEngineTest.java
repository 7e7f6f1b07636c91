package io.torii.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.spark.session.TestClient;
import io.torii.spark.session.TestSpark;
import io.torii.wire.WireConnection;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RunningEngineTest {
    private static final String FOREVER = "SELECT sum(id % 7) FROM range(0, 1000000000000000, 1, 2)";

    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private FakeGateway gateway;
    private RunningEngine engine;

    @BeforeEach
    void start() throws Exception {
        TestSpark.get();
        gateway = new FakeGateway(200);
        engine = RunningEngine.start(gateway.launch(), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        engine.stop("the test is over");
        gateway.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void endsWhenSparkIsStoppedUnderIt() throws Exception {
        Map<String, String> registration = gateway.call("register");
        assertThat(Integer.parseInt(registration.get("port"))).isPositive();

        TestSpark.get().stop();

        EngineEnd end = engine.ended().get(60, TimeUnit.SECONDS);
        assertThat(end.code()).isEqualTo(4);
        engine.stop(end.reason());
        assertThat(gateway.call("leave")).containsEntry("reason", "Spark%20was%20stopped");
    }

    @Test
    void failsWhatRunsForWhoeverWaitsForItWhenItEnds() throws Exception {
        try (WireConnection connection = connect()) {
            CompletableFuture<TestClient.Status> poll = pollOfARunningStatement(connection);

            engine.stop("enough");

            assertThatItFailedWithTheEngine(TestClient.get(poll));
        }
    }

    @Test
    void failsWhatRunsForTheSameReasonWhenSparkIsStoppedUnderIt() throws Exception {
        try (WireConnection connection = connect()) {
            CompletableFuture<TestClient.Status> poll = pollOfARunningStatement(connection);

            TestSpark.get().stop();

            assertThatItFailedWithTheEngine(TestClient.get(poll));
        }
    }

    private static void assertThatItFailedWithTheEngine(TestClient.Status status) {
        assertThat(status.state()).isEqualTo("ERROR_STATE");
        assertThat(status.sqlState()).isEqualTo("08S01");
        assertThat(status.message()).startsWith("The engine has ended before the statement");
    }

    private WireConnection connect() throws Exception {
        int port = Integer.parseInt(gateway.call("register").get("port"));
        return TestClient.get(
                new WireConnector(loops, Runnable::run, WireOptions.defaults()).connect("127.0.0.1", port, "secret"));
    }

    private static CompletableFuture<TestClient.Status> pollOfARunningStatement(WireConnection connection) {
        TestClient alice = new TestClient(connection::call, "alice", TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
        String session = alice.open();
        String statement = alice.execute(session, FOREVER);
        alice.running(session, statement);
        return alice.poll(session, statement, Duration.ofSeconds(50));
    }
}
