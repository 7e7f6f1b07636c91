package io.torii.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.server.settings.LaunchSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineSpecsTest {
    private final EngineSpecs specs = new EngineSpecs(
            new LaunchSettings(List.of("spark.jars")),
            ShareLevel.USER,
            "torii",
            Map.of("torii.engine.idle-timeout", "PT30M"),
            Map.of("local", Set.of("etl", "iceberg"), "mars", Set.of("big")));

    @Test
    void sessionsOfAUserShareAnEngineAndTwoUsersDoNot() {
        assertThat(key("alice", Map.of())).isEqualTo(key("alice", Map.of()));
        assertThat(key("alice", Map.of())).isNotEqualTo(key("bob", Map.of()));
    }

    @Test
    void theShareLevelDecidesWhoShares() {
        Map<String, String> connection = Map.of("torii.engine.share-level", "connection");
        Map<String, String> server = Map.of("torii.engine.share-level", "server");
        Map<String, String> group = Map.of("torii.engine.share-level", "group", "torii.user.groups", "ops\nanalysts");

        assertThat(key("alice", connection)).isNotEqualTo(key("alice", connection));
        assertThat(key("alice", server)).isEqualTo(key("bob", server));
        assertThat(key("alice", group)).isEqualTo(key("bob", group));
        assertThat(spec("alice", connection).user()).isEqualTo("alice");
        assertThat(spec("alice", server).user()).isEqualTo("torii");
        assertThat(spec("alice", group).user()).isEqualTo("analysts");
    }

    @Test
    void anEngineIsLaunchedForTheUserWhoAskedWhoeverItRunsAs() {
        assertThat(spec("alice", Map.of("torii.engine.share-level", "server")).requestedBy())
                .isEqualTo("alice");
    }

    @Test
    void nobodyDecidesHowLongAnEngineThatOthersShareLasts() {
        Map<String, String> server = Map.of(
                "torii.engine.share-level",
                "server",
                "torii.engine.idle-timeout",
                "PT1S",
                "torii.engine.max-lifetime",
                "PT1S");

        assertThat(spec("alice", server).settings()).containsOnly(Map.entry("torii.engine.idle-timeout", "PT30M"));
    }

    @Test
    void anEngineMayEndEarlierThanTheAdministratorWantsButNotLater() {
        assertThat(idleTimeout("PT1M")).isEqualTo("PT1M");
        assertThat(idleTimeout("PT31M")).isEqualTo("PT30M");
        assertThat(idleTimeout("PT0S")).isEqualTo("PT30M");
        assertThat(spec("alice", Map.of("torii.engine.max-lifetime", "PT9H")).settings())
                .containsEntry("torii.engine.max-lifetime", "PT9H");
    }

    @Test
    void aUserInNoGroupIsToldSo() {
        assertThatThrownBy(() -> key("alice", Map.of("torii.engine.share-level", "group")))
                .hasMessageContaining("user alice is in none");
    }

    @Test
    void onlyListedLaunchSettingsMakeAnotherEngine() {
        EngineKey plain = key("alice", Map.of());

        assertThat(key("alice", Map.of("spark.sql.shuffle.partitions", "7"))).isEqualTo(plain);
        assertThat(key("alice", Map.of("torii.engine.idle-timeout", "PT1M"))).isEqualTo(plain);
        assertThat(key("alice", Map.of("spark.executor.memory", "4g"))).isNotEqualTo(plain);
        assertThat(key("alice", Map.of("spark.jars", "s3://x"))).isNotEqualTo(plain);
        assertThat(key("alice", Map.of("spark.executor.memory", "4g")))
                .isEqualTo(key("alice", Map.of("spark.executor.memory", "4g")))
                .isNotEqualTo(key("alice", Map.of("spark.executor.memory", "5g")));
    }

    @Test
    void queueAndSubdomainMakeAnotherEngine() {
        assertThat(key("alice", Map.of("torii.queue", "etl", "torii.engine.subdomain", "reports"))
                        .toString())
                .isEqualTo("local/spark/user/alice/etl/reports/-");
    }

    @Test
    void aProfileMakesAnotherEngineAndTheClustersOwnIsThatOfWhoDoesNotChoose() {
        EngineKey plain = key("alice", Map.of());
        EngineKey etl = key("alice", Map.of("torii.engine.profile", "etl"));

        assertThat(etl).isNotEqualTo(plain).isEqualTo(key("alice", Map.of("torii.engine.profile", "etl")));
        assertThat(etl.toString()).isEqualTo("local/spark:etl/user/alice/-/default/-");
        assertThat(key("alice", Map.of("torii.engine.profile", "default"))).isEqualTo(plain);
    }

    @Test
    void aProfileOfAnotherClusterIsRefused() {
        assertThatThrownBy(() -> key("alice", Map.of("torii.engine.profile", "big")))
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.PLACEMENT_REFUSED))
                .hasMessage("Cluster local has no profile big; choose one by torii.engine.profile"
                        + " (known: default, etl, iceberg)");
    }

    @Test
    void theEngineGetsWhatShapesItAndTheSessionTheRest() {
        Session session = session(
                "alice",
                Map.of(
                        "spark.executor.memory", "4g",
                        "spark.sql.shuffle.partitions", "7",
                        "day", "2026-01-01",
                        "torii.session.fetch-size", "500",
                        "torii.engine.idle-timeout", "PT1M",
                        "torii.queue", "etl",
                        "torii.user.groups", "ops"));

        assertThat(specs.specFor(session, "local").settings())
                .containsOnly(Map.entry("spark.executor.memory", "4g"), Map.entry("torii.engine.idle-timeout", "PT1M"));
        assertThat(specs.sessionFor(session, List.of()).settings())
                .containsOnly(
                        Map.entry("spark.sql.shuffle.partitions", "7"),
                        Map.entry("day", "2026-01-01"),
                        Map.entry("torii.session.fetch-size", "500"));
    }

    private String idleTimeout(String asked) {
        return spec("alice", Map.of("torii.engine.idle-timeout", asked))
                .settings()
                .get("torii.engine.idle-timeout");
    }

    private EngineKey key(String user, Map<String, String> settings) {
        return spec(user, settings).key();
    }

    private EngineSpec spec(String user, Map<String, String> settings) {
        return specs.specFor(session(user, settings), "local");
    }

    private static Session session(String user, Map<String, String> settings) {
        return new Session(SessionId.random(), user, "10.0.0.1", 9, new HashMap<>(settings), "", "test", Instant.EPOCH);
    }
}
