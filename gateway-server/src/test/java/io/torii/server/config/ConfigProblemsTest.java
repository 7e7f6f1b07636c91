package io.torii.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything that is wrong is said at once, where it is, and nothing that only follows from it. */
class ConfigProblemsTest {
    @Test
    void allProblemsAreReportedAtOnceWithTheirPlaces() {
        assertThat(Configs.problems(
                        """
                        thrift:
                          port: many
                          backlog: 0
                        session:
                          idle-timeout: 6 hours
                        authentication:
                          type: kerberos
                        store:
                          url: jdbc:mysql://db
                          connections: 0
                        """,
                        Map.of("TORII_ENGINE_SHARE_LEVEL", "everybody"),
                        Map.of("limits.sessions", "-1", "thrift.prot", "1")))
                .containsExactlyInAnyOrder(
                        "torii.yaml:2: thrift.port is 'many', expected a whole number",
                        "torii.yaml:3: thrift.backlog is 0, expected 1 or more",
                        "torii.yaml:5: session.idle-timeout is '6 hours', expected a duration such as 500ms, 5s, 10m, 6h",
                        "torii.yaml:7: authentication.type is 'kerberos', expected one of none, file, ldap",
                        "torii.yaml:9: store.url is not supported, expected one that begins with jdbc:postgresql:",
                        "torii.yaml:10: store.connections is 0, expected 1 or more",
                        "TORII_ENGINE_SHARE_LEVEL: engine.share-level is 'everybody',"
                                + " expected one of connection, user, group, server",
                        "flag: limits.sessions is -1, expected 0 or more",
                        "flag: thrift.prot is not known; did you mean thrift.port?");
    }

    @Test
    void anUnknownKeyNamesTheNearestOne() {
        assertThat(
                        Configs.problems(
                                """
                        thrfit:
                          port: 1
                        session:
                          idleTimeout: 5m
                          colour: red
                        port: 10009
                        """))
                .containsExactly(
                        "torii.yaml:1: thrfit is not known; did you mean thrift?",
                        "torii.yaml:6: port is not known; did you mean thrift.port?",
                        "torii.yaml:4: session.idleTimeout is not known; did you mean session.idle-timeout?",
                        "torii.yaml:5: session.colour is not known");
    }

    @Test
    void anUnknownKeyOfAClusterNamesTheNearestOneThere() {
        assertThat(
                        Configs.problems(
                                """
                        clusters:
                          - name: local
                          - name: other
                            sparkhome: /opt/spark
                        """))
                .containsExactly(
                        "torii.yaml:4: clusters[1].sparkhome is not known; did you mean clusters[1].spark-home?");
    }

    @Test
    void oneWrongKeyDoesNotHideAnotherThatBeginsAlike() {
        assertThat(
                        Configs.problems(
                                """
                        limits:
                          sessions-per-user: few
                          sessions: -1
                        """))
                .containsExactly(
                        "torii.yaml:2: limits.sessions-per-user is 'few', expected a whole number",
                        "torii.yaml:3: limits.sessions is -1, expected 0 or more");
    }

    @Test
    void oneKeyMayBeWrongInMoreThanOneWay() {
        assertThat(
                        Configs.problems(
                                """
                        gateway:
                          profile: production
                        router:
                          default-cluster: yarn
                        clusters:
                          - name: local
                          - name: local
                        """))
                .allMatch(problem -> problem.startsWith("torii.yaml:5: clusters has "))
                .anyMatch(problem -> problem.contains("has two clusters with the name local"))
                .anyMatch(problem -> problem.contains("has cluster local of type local"))
                .anyMatch(problem -> problem.contains("has no cluster 'yarn', which is router.default-cluster"));
    }

    @Test
    void withKerberosEnginesDoNotRunAsTheGateway() {
        assertThat(
                        Configs.problems(
                                """
                        clusters:
                          - name: local
                            yarn:
                              principal: torii/host@REALM
                              keytab: torii.keytab
                              impersonation: false
                        """))
                .containsExactly("torii.yaml:6: clusters[0].yarn.impersonation is false, expected true with a"
                        + " principal: users' code must not have the gateway's own tokens");
    }

    @Test
    void whatIsRightOfAWrongGroupIsCheckedAgainstTheOthers() {
        assertThat(
                        Configs.problems(
                                """
                        thrift:
                          host: 0.0.0.0
                          port: 70000
                        """))
                .hasSize(2)
                .anyMatch(problem -> problem.startsWith("torii.yaml:3: thrift.port is 70000"))
                .anyMatch(problem ->
                        problem.startsWith("torii.yaml: authentication.type is none while thrift.host is 0.0.0.0"));
    }

    @Test
    void whatFollowsFromAProblemIsNotReported() {
        assertThat(
                        Configs.problems(
                                """
                        thrift:
                          host: 0.0.0.0
                        authentication:
                          type: ldap
                          ldap:
                            user-base: dc=example,dc=com
                        """))
                .containsExactly("torii.yaml:5: authentication.ldap.url is not set, but type is ldap");
        assertThat(
                        Configs.problems(
                                """
                        router:
                          default-cluster: big
                        clusters:
                          - name: Big
                          - name: local
                        """))
                .containsExactly("torii.yaml:4: clusters[0].name is 'Big', expected lower-case letters, digits and '-',"
                        + " 40 at most");
    }

    @Test
    void aValueWhereAGroupBelongsIsAProblemEvenIfAKeyOfItIsOverridden() {
        assertThat(Configs.problems("thrift: 10009", Map.of(), Map.of("thrift.port", "1")))
                .containsExactly("torii.yaml:1: thrift is a value, expected keys below it");
        assertThat(Configs.problems("hello", Map.of("TORII_THRIFT_PORT", "1"), Map.of()))
                .containsExactly("torii.yaml: is a value, expected keys below it");
    }

    @Test
    void aGroupWhereAListBelongsIsAProblemEvenIfAnItemOfItIsOverridden() {
        String yaml =
                """
                clusters:
                  local:
                    metastore: none
                """;

        assertThat(Configs.problems(yaml, Map.of(), Map.of("clusters.local.metastore", "none")))
                .containsExactly("torii.yaml:1: clusters is no list, expected one with '- ' before each item");
    }

    @Test
    void aGroupWhereAValueBelongsIsAProblem() {
        assertThat(
                        Configs.problems(
                                """
                        thrift:
                          port:
                            number: 1
                        settings:
                          user-may-set: [[spark.jars]]
                        session:
                          defaults: none
                        """))
                .containsExactly(
                        "torii.yaml:2: thrift.port has more below it, expected a single value",
                        "torii.yaml:7: session.defaults is a value, expected keys and values below it",
                        "torii.yaml:5: settings.user-may-set has more below it, expected a single value");
    }

    @Test
    void settingsAreWrittenInOnePiece() {
        assertThat(
                        Configs.problems(
                                """
                        clusters:
                          - name: local
                            settings:
                              spark:
                                driver:
                                  memory: 2g
                              spark.jars: [a, b]
                        """))
                .containsExactly(
                        "torii.yaml:4: clusters[0].settings.spark has keys below it, expected a value:"
                                + " a name with dots is written in one piece, as 'spark.driver.memory: ...'",
                        "torii.yaml:7: clusters[0].settings.spark.jars is a list, expected a value");
    }

    @Test
    void settingsWithManyDotsAreFine() {
        String name = "spark.hadoop.fs.s3a.bucket.some.bucket.of.ours.aws.credentials.provider";

        GatewayConfig config = Configs.of("clusters: [{settings: {%s: x}}]".formatted(name));

        assertThat(config.clusters().get(0).settings()).containsExactly(Map.entry(name, "x"));
    }
}
