package io.torii.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HealthTest {
    @Test
    void isReadyIfNothingIsWrong() throws Exception {
        assertThat(unready(part("store", CompletableFuture.completedFuture(Optional.empty()))))
                .isEmpty();
    }

    @Test
    void hasASentenceForEachPartThatIsNotWell() throws Exception {
        assertThat(unready(
                        part("gateway", CompletableFuture.completedFuture(Optional.of("The gateway is ending"))),
                        part("store", CompletableFuture.failedFuture(new IllegalStateException("No disk"))),
                        new Health.Part("home", () -> {
                            throw new IllegalStateException("No port");
                        })))
                .containsExactly(
                        entry("gateway", "The gateway is ending"), entry("store", "No disk"), entry("home", "No port"));
    }

    @Test
    void whatDoesNotAnswerIsNotWell() throws Exception {
        assertThat(unready(part("store", new CompletableFuture<>())))
                .containsExactly(entry("store", "The store does not answer within 50 ms"));
    }

    @Test
    void lives() {
        assertThat(new Health(List.of(), Duration.ofMillis(50)).mortal()).isEmpty();
    }

    private static Map<String, String> unready(Health.Part... parts) throws Exception {
        return new Health(List.of(parts), Duration.ofMillis(50)).unready().get(10, TimeUnit.SECONDS);
    }

    private static Health.Part part(String name, CompletableFuture<Optional<String>> answer) {
        return new Health.Part(name, () -> answer);
    }
}
