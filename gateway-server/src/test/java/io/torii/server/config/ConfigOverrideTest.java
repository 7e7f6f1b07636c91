package io.torii.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Single keys over what the file says. */
class ConfigOverrideTest {
    private static final String TWO_CLUSTERS =
            """
            router:
              default-cluster: first
            clusters:
              - name: first
                settings:
                  spark.driver.memory: 1g
                  spark.driver.cores: "1"
              - name: second
                metastore: none
            """;

    @Test
    void setsOneSettingOfOneCluster() {
        List<ClusterConfig> clusters = with(TWO_CLUSTERS, "clusters.first.settings.spark.driver.memory", "2g")
                .clusters();

        assertThat(clusters.get(0).settings())
                .containsOnly(Map.entry("spark.driver.memory", "2g"), Map.entry("spark.driver.cores", "1"));
        assertThat(clusters.get(1))
                .isEqualTo(Configs.of(TWO_CLUSTERS).clusters().get(1));
    }

    @Test
    void setsOneKeyOfOneCluster() {
        assertThat(with(TWO_CLUSTERS, "clusters.second.metastore", "thrift://meta:9083")
                        .clusters())
                .extracting(ClusterConfig::metastore)
                .containsExactly(Optional.empty(), Optional.of("thrift://meta:9083"));
    }

    @Test
    void reachesTheClusterThatIsThereByDefault() {
        assertThat(with("", "clusters.local.settings.spark.driver.memory", "2g").clusters())
                .singleElement()
                .satisfies(cluster -> assertThat(cluster.settings()).containsEntry("spark.driver.memory", "2g"));
    }

    @Test
    void findsAClusterThatHasTheDefaultName() {
        assertThat(with("clusters: [{metastore: none}]", "clusters.local.settings.a.b", "c")
                        .clusters())
                .singleElement()
                .satisfies(cluster -> {
                    assertThat(cluster.metastore()).contains("none");
                    assertThat(cluster.settings()).containsEntry("a.b", "c");
                });
    }

    @Test
    void addsToTheSettingsOfTheFile() {
        GatewayConfig config =
                with("session: {defaults: {a.b: '1'}}", "session.defaults.spark.sql.ansi.enabled", "true");

        assertThat(config.session().defaults())
                .containsOnly(Map.entry("a.b", "1"), Map.entry("spark.sql.ansi.enabled", "true"));
    }

    @Test
    void makesTheGroupsThatAreMissing() {
        assertThat(with("", "thrift.tls.keystore-type", "JKS").thrift().tls().keystoreType())
                .isEqualTo("JKS");
    }

    @Test
    void refusesKeysThatAreNot() {
        assertThat(problems("clusters.third.metastore")).isEqualTo("is not known: clusters has no 'third'");
        assertThat(problems("clusters.first")).isEqualTo("is not known");
        assertThat(problems("clusters.second.meta-store"))
                .isEqualTo("is not known; did you mean clusters[1].metastore?");
        assertThat(problems("thrift")).isEqualTo("is a group of keys, expected one of them");
        assertThat(problems("thrift.port.number")).isEqualTo("is not known; thrift.port has nothing below it");
        assertThat(problems("sesion.idle-timeout")).isEqualTo("is not known; did you mean session?");
        assertThat(problems("settings.user-may-set.first")).isEqualTo("is not known");
    }

    private static GatewayConfig with(String yaml, String key, String value) {
        return Configs.of(yaml, Map.of(), Map.of(key, value));
    }

    private static String problems(String key) {
        List<String> problems = Configs.problems(TWO_CLUSTERS, Map.of(), Map.of(key, "x"));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).startsWith("flag: " + key + " ");
        return problems.get(0).substring("flag: ".length() + key.length() + 1);
    }
}
