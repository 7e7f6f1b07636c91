package io.torii.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.spark.session.TestSpark;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RunningEngineTest {
    @Test
    void endsWhenSparkIsStoppedUnderIt() throws Exception {
        TestSpark.get();
        try (FakeGateway gateway = new FakeGateway(200)) {
            RunningEngine engine = RunningEngine.start(gateway.launch(), Clock.systemUTC());
            Map<String, String> registration = gateway.call("register");
            assertThat(Integer.parseInt(registration.get("port"))).isPositive();

            TestSpark.get().stop();

            EngineEnd end = engine.ended().get(60, TimeUnit.SECONDS);
            assertThat(end.code()).isEqualTo(4);
            engine.stop(end.reason());
            assertThat(gateway.call("leave")).containsEntry("reason", "Spark%20was%20stopped");
        }
    }
}
