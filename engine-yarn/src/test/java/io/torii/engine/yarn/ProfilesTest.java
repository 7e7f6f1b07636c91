package io.torii.engine.yarn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.check.Finding;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesTest {
    @TempDir
    Path directory;

    @Test
    void aProfileOfTheClustersSparkDiffersInItsSettingsAlone() {
        YarnClusterConfig config = config();
        Agents own = agents(config);

        try (Profiles profiles = new Profiles(config, own, Runnable::run)) {
            assertThat(profiles.require(key(""))).isEqualTo(new Profiles.Profile(Map.of("spark.a", "own"), own));
            assertThat(profiles.require(key("etl"))).isEqualTo(new Profiles.Profile(Map.of("spark.a", "etl"), own));
        }
    }

    @Test
    void eachFurtherSparkHasOneAgent() {
        YarnClusterConfig config = config();
        Agents own = agents(config);

        try (Profiles profiles = new Profiles(config, own, Runnable::run)) {
            assertThat(profiles.require(key("next")).agents())
                    .isNotSameAs(own)
                    .isSameAs(profiles.require(key("next-big")).agents());
            assertThat(profiles.require(key("other-program")).agents())
                    .isNotSameAs(own)
                    .isNotSameAs(profiles.require(key("next")).agents());
        }
    }

    @Test
    void nothingIsLaunchedByAProfileThatThereIsNotButWhatRunsGoesOn() {
        YarnClusterConfig config = config();
        Agents own = agents(config);

        try (Profiles profiles = new Profiles(config, own, Runnable::run)) {
            assertThatThrownBy(() -> profiles.require(key("gone")))
                    .isInstanceOfSatisfying(GatewayException.class, refusal -> assertThat(refusal.code())
                            .isEqualTo(ErrorCode.PLACEMENT_REFUSED))
                    .hasMessage("Cluster prod has no profile gone");
            assertThat(profiles.ofRunning(key("gone")).agents()).isSameAs(own);
        }
    }

    @Test
    void theSparkOfEachProfileIsLookedAt() throws InterruptedException {
        List<String> lines = new YarnCheck(config(), Optional.empty())
                .look().stream().map(Finding::line).toList();

        assertThat(lines)
                .contains("FAIL prod spark home: there is no directory " + directory.resolve("spark")
                        + "; set spark-home or SPARK_HOME")
                .contains("FAIL prod profile next spark home: there is no directory " + directory.resolve("next")
                        + "; set spark-home or SPARK_HOME");
    }

    private static Agents agents(YarnClusterConfig config) {
        return new Agents(config.name(), new AgentProgram(config), Runnable::run);
    }

    private static EngineKey key(String profile) {
        return new EngineKey("prod", "spark", profile, ShareLevel.USER, "alice", "", "default", "");
    }

    private YarnClusterConfig config() {
        Path spark = directory.resolve("spark");
        Path next = directory.resolve("next");
        Path jar = directory.resolve("engine.jar");
        return new YarnClusterConfig(
                "prod",
                "torii-test",
                directory.resolve("hadoop"),
                spark,
                jar,
                directory.resolve("work"),
                List::of,
                "",
                Map.of("spark.a", "own"),
                "",
                Optional.empty(),
                true,
                Path.of(System.getProperty("java.home")),
                List.of(
                        new YarnClusterConfig.Profile("etl", spark, jar, Map.of("spark.a", "etl")),
                        new YarnClusterConfig.Profile("next", next, jar, Map.of()),
                        new YarnClusterConfig.Profile("next-big", next, jar, Map.of()),
                        new YarnClusterConfig.Profile("other-program", spark, directory.resolve("x.jar"), Map.of())));
    }
}
