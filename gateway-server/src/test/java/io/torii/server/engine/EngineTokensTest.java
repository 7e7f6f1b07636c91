package io.torii.server.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.Secret;
import io.torii.api.cluster.FakeCluster;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.ShareLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EngineTokensTest {
    private static final byte[] FILE = {1, 2, 3};

    private final LaunchTag tag = LaunchTag.random();
    private final Registered home = new Registered();
    private final FakeCluster cluster = new FakeCluster();
    private final EngineTokens tokens = new EngineTokens(home, Map.of("prod", cluster));
    private final List<String> asked = new ArrayList<>();

    @Test
    void areThoseOfTheUserWhomTheRegistryHas() {
        home.engines.put(tag, engine("prod", "alice"));
        cluster.handingOut(engine -> {
            asked.add(engine.user());
            return completedFuture(FILE);
        });

        assertThat(tokens.of(tag).join()).contains(FILE);
        assertThat(asked).containsExactly("alice");
    }

    @Test
    void areForRegisteredEnginesOnly() {
        assertThat(tokens.of(tag).join()).isEmpty();
    }

    @Test
    void areGotOnceForAnEngineThatAsksTwiceAtOnce() {
        home.engines.put(tag, engine("prod", "alice"));
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        cluster.handingOut(engine -> {
            asked.add(engine.user());
            return answer.copy();
        });

        CompletableFuture<Optional<byte[]>> one = tokens.of(tag);
        CompletableFuture<Optional<byte[]>> other = tokens.of(tag);
        answer.complete(FILE);

        assertThat(one.join()).contains(FILE);
        assertThat(other.join()).contains(FILE);
        assertThat(asked).hasSize(1);
    }

    @Test
    void areFreshWhenAskedForAgain() {
        home.engines.put(tag, engine("prod", "alice"));
        cluster.handingOut(engine -> {
            asked.add(engine.user());
            return completedFuture(FILE);
        });

        tokens.of(tag).join();
        tokens.of(tag).join();

        assertThat(asked).hasSize(2);
    }

    @Test
    void cannotBeHadOfAClusterThatIsNotConfiguredAnyMore() {
        home.engines.put(tag, engine("old", "alice"));

        assertThatThrownBy(() -> tokens.of(tag).join()).hasRootCauseMessage("This gateway has no cluster old any more");
    }

    private static EngineSpec engine(String cluster, String user) {
        EngineKey key = new EngineKey(cluster, "spark", ShareLevel.USER, user, "", "default", "");
        return new EngineSpec(key, user, Map.of());
    }

    /** What a registry has. */
    private static final class Registered implements EngineHome {
        private final Map<LaunchTag, EngineSpec> engines = new HashMap<>();

        @Override
        public CompletableFuture<Optional<EngineSpec>> specOf(LaunchTag tag) {
            return completedFuture(Optional.ofNullable(engines.get(tag)));
        }

        @Override
        public CompletableFuture<Boolean> register(LaunchTag tag, Secret token, Registration registration) {
            return completedFuture(engines.containsKey(tag));
        }

        @Override
        public CompletableFuture<Optional<EngineCommand>> heartbeat(LaunchTag tag, EngineLoad load) {
            return completedFuture(Optional.empty());
        }

        @Override
        public CompletableFuture<Void> leave(LaunchTag tag, String reason) {
            return completedFuture(null);
        }

        @Override
        public CompletableFuture<Optional<Secret>> secretOf(LaunchTag tag) {
            return completedFuture(Optional.empty());
        }
    }
}
