package io.torii.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be configured, beyond being well written. */
class ConfigRulesTest {
    @Test
    void whereUsersAreKnownIsAnotherForAnotherFileOrDirectory() {
        List<String> sources = Stream.of(
                        "type: none",
                        "type: file",
                        "type: file, file: {path: /etc/torii/users}",
                        "type: ldap, ldap: {url: 'ldaps://one', user-base: 'dc=x'}",
                        "type: ldap, ldap: {url: 'ldaps://two', user-base: 'dc=x'}")
                .map(users -> Configs.of("authentication: {" + users + "}")
                        .authentication()
                        .source())
                .toList();

        assertThat(sources)
                .containsExactly(
                        "NONE", "FILE conf/users", "FILE /etc/torii/users", "LDAP ldaps://one", "LDAP ldaps://two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "'::'"})
    void believingEveryNameIsRefusedWhereOthersCanConnect(String host) {
        assertThat(Configs.problems("thrift: {host: %s}".formatted(host)))
                .containsExactly("torii.yaml: authentication.type is none while thrift.host is " + host.replace("'", "")
                        + ", which others can reach: choose file or ldap, listen on 127.0.0.1,"
                        + " or set authentication.open-to-network-without-passwords to true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "'::1'"})
    void believingEveryNameIsAllowedOnTheHostItself(String host) {
        assertThat(Configs.problems("thrift: {host: %s}".formatted(host))).isEmpty();
    }

    @Test
    void believingEveryNameIsAllowedAnywhereIfThatIsSaid() {
        assertThat(
                        Configs.problems(
                                """
                        thrift: {host: 0.0.0.0}
                        authentication: {open-to-network-without-passwords: true}
                        """))
                .isEmpty();
    }

    @Test
    void passwordsAreEnoughToListenAnywhere() {
        assertThat(Configs.problems("thrift: {host: 0.0.0.0}\nauthentication: {type: file}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "ldap"})
    void passwordsOverTheNetworkInClearAreWarnedOf(String type) {
        String directory = "ldap: {url: 'ldaps://directory', user-base: 'dc=example,dc=com'}";

        assertThat(Configs.warnings(
                        """
                        thrift: {host: 0.0.0.0}
                        authentication: {type: %s, %s}
                        """
                                .formatted(type, directory)))
                .containsExactly("Clients send passwords in clear to thrift.host 0.0.0.0, which others can reach:"
                        + " set thrift.tls.enabled to true");
        assertThat(Configs.warnings(
                        """
                        thrift: {host: 0.0.0.0, tls: {enabled: true, keystore: keys.p12}}
                        authentication: {type: %s, %s}
                        """
                                .formatted(type, directory)))
                .isEmpty();
        assertThat(Configs.warnings("authentication: {type: %s, %s}".formatted(type, directory)))
                .as("on the host itself")
                .isEmpty();
    }

    @Test
    void anAdminPortThatOthersCanReachIsWarnedOf() {
        assertThat(Configs.warnings("admin: {host: 0.0.0.0}"))
                .containsExactly("Administrators' pages go in clear, and health and metrics to whoever asks,"
                        + " at admin.host 0.0.0.0, which others can reach: set it to 127.0.0.1,"
                        + " or let only your tools reach it");
        assertThat(Configs.warnings("admin: {host: '::1'}")).isEmpty();
        assertThat(Configs.warnings("admin: {enabled: false, host: 0.0.0.0}")).isEmpty();
    }

    @Test
    void passwordsToADirectoryInClearAreWarnedOf() {
        assertThat(Configs.warnings(ldap("ldap://192.0.2.7:389", false)))
                .containsExactly("Passwords go to ldap://192.0.2.7:389 in clear:"
                        + " use ldaps:// or set authentication.ldap.start-tls to true");
        assertThat(Configs.warnings(ldap("ldap://192.0.2.7:389", true))).isEmpty();
        assertThat(Configs.warnings(ldap("ldaps://192.0.2.7:636", false))).isEmpty();
        assertThat(Configs.warnings(ldap("ldap://127.0.0.1:389", false))).isEmpty();
        assertThat(Configs.warnings("authentication: {ldap: {url: 'ldap://192.0.2.7'}}"))
                .as("not asked")
                .isEmpty();
    }

    private static String ldap(String url, boolean startTls) {
        return "authentication: {type: ldap, ldap: {url: '%s', start-tls: %s, user-base: 'dc=example,dc=com'}}"
                .formatted(url, startTls);
    }

    @Test
    void localClustersAreRefusedInProduction() {
        assertThat(Configs.problems("gateway: {profile: production}"))
                .containsExactly(
                        "torii.yaml: clusters has cluster local of type local, which runs users' code on the gateway's host"
                                + " and is refused unless gateway.profile is dev");
    }

    @Test
    void aYarnClusterMayHaveProfiles() {
        ClusterConfig cluster = Configs.of(
                        """
                        clusters:
                          - {name: local}
                          - name: prod
                            type: yarn
                            yarn: {hadoop-conf-dir: /etc/hadoop}
                            profiles:
                              - {name: etl, settings: {spark.executor.memory: 8g}}
                              - {name: next, spark-home: /opt/spark-3.5.6}
                        """)
                .clusters()
                .get(1);

        assertThat(cluster.profileNames()).containsExactlyInAnyOrder("etl", "next");
        assertThat(cluster.profiles().get(0).settings()).containsEntry("spark.executor.memory", "8g");
        assertThat(cluster.profiles().get(1).sparkHome()).contains(Path.of("/opt/spark-3.5.6"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "[{}] => profiles[0].name is '', expected lower-case letters, digits and '-', 40 at most",
                "[{name: ETL}] => profiles[0].name is 'ETL', expected lower-case letters, digits and '-', 40 at most",
                "[{name: default}] => profiles[0].name is default, which is the cluster's own: choose another",
                "[{name: etl}, {name: etl}] => profiles has two profiles with the name etl",
                "[{name: etl, spark-hom: /opt}] => profiles[0].spark-hom is not known; did you mean clusters[1].profiles[0].spark-home?",
                "[{name: etl, settings: x}] => profiles[0].settings is a value, expected keys and values below it"
            })
    void profilesAreChecked(String profiles, String problem) {
        assertThat(Configs.problems(
                        "clusters: [{name: local}, {name: prod, type: yarn, yarn: {hadoop-conf-dir: /h}, profiles: "
                                + profiles + "}]"))
                .containsExactly("torii.yaml:1: clusters[1]." + problem);
    }

    @Test
    void aLocalClusterHasOneSpark() {
        assertThat(Configs.problems("clusters: [{profiles: [{name: etl}]}]"))
                .containsExactly("torii.yaml:1: clusters[0].profiles is set, but the cluster is of type local:"
                        + " make another cluster for another Spark there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "hosts: ['*'], users: [a] => user is '', expected the name of one user who logs in",
                "user: '*', hosts: ['*'], users: [a] => user is '*', expected the name of one user who logs in",
                "user: hue, users: [a] => hosts is empty, expected addresses, or '*' for anywhere",
                "user: hue, hosts: [gate.example.com], users: [a] => hosts has gate.example.com, expected addresses,"
                        + " blocks such as 10.1.0.0/16 without bits beyond their length, or '*' for anywhere",
                "user: hue, hosts: [10.1.2.3/16], users: [a] => hosts has 10.1.2.3/16, expected addresses,"
                        + " blocks such as 10.1.0.0/16 without bits beyond their length, or '*' for anywhere",
                "user: hue, hosts: ['*'] => users is empty as groups is: expected one of them",
                "user: hue, hosts: ['*'], users: ['a*'] => users or groups has a name that is empty or has '*' in it,"
                        + " expected names, or '*' alone for anybody",
                "user: hue, hosts: ['*'], groups: [''] => users or groups has a name that is empty or has '*' in it,"
                        + " expected names, or '*' alone for anybody"
            })
    void whoMayActForWhomIsWrittenOut(String rule, String problem) {
        assertThat(Configs.problems("authentication: {proxy-users: [{%s}]}".formatted(rule)))
                .containsExactly("torii.yaml:1: authentication.proxy-users[0]." + problem);
    }

    @Test
    void nobodyMayActForOthersUnlessItIsSaid() {
        assertThat(Configs.of("{}").authentication().proxyUsers()).isEmpty();
        assertThat(Configs.of("authentication: {proxy-users: [{user: hue, hosts: [10.1.0.0/16, '::1'], groups: [bi]}]}")
                        .authentication()
                        .proxyUsers())
                .containsExactly(new ProxyUserConfig("hue", List.of("10.1.0.0/16", "::1"), List.of(), List.of("bi")));
    }

    @Test
    void thereIsADefaultCluster() {
        assertThat(Configs.problems("clusters: []"))
                .containsExactly("torii.yaml:1: clusters has no cluster 'local', which is router.default-cluster");
    }

    @Test
    void ldapNeedsADirectoryAndAPlaceToLook() {
        assertThat(Configs.problems("authentication: {type: ldap}"))
                .containsExactly(
                        "torii.yaml:1: authentication.ldap.url is not set, but type is ldap",
                        "torii.yaml:1: authentication.ldap.user-base is not set,"
                                + " but type is ldap without user-dn-pattern");
        assertThat(
                        Configs.problems(
                                """
                        authentication:
                          type: ldap
                          ldap: {url: "ldap://directory", user-dn-pattern: "uid={0},dc=example,dc=com"}
                        """))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "thrift.port: -1 => is -1, expected a port: 0 (any free one) to 65535",
                "thrift.max-message-size: 2GB => is 2GB, expected less than 2GB",
                "thrift.max-message-size: 1B => is 1B, expected 1KB or more",
                "thrift.login-timeout: 0s => is 0s, expected more than 0s",
                "thrift.tls.enabled: true => is not set, but TLS is enabled",
                "session.idle-timeout: PT-1H => is -1h, expected 0s (none) or more",
                "session.fetch-size: 0 => is 0, expected 1 or more",
                "home.advertise: 'ftp://gate' => is 'ftp://gate', expected a URL such as http://gateway.example.com:10008",
                "authentication.ldap.url: 'http://a' => is 'http://a', expected ldap://host:389 or ldaps://host:636",
                "authentication.ldap.bind-dn: 'cn=a' => is not set, but bind-dn is",
                "authentication.ldap.user-filter: '(uid=a)' => is '(uid=a)', expected a filter with {0}",
                "authentication.ldap.user-dn-pattern: 'uid=a' => is 'uid=a', expected a distinguished name with {0}",
                "authentication.ldap.allowed-groups: [a] => is not set, but allowed-groups is",
                "gateway.name: 'a b' => may have letters, digits, '.', '_' and '-' only, 100 at most",
                "gateway.work-directory: '' => is empty",
                "clusters: [{limits: {engines: -1}}] => is -1, expected 0 or more",
                "engine.result-memory: 64KB => is 64KB, expected 1MB or more"
            })
    void valuesAreChecked(String key, String problem) {
        assertThat(Configs.problems(nested(key))).singleElement().asString().endsWith(" " + problem);
    }

    @Test
    void aMetastoreIsManagedNoneOrAnAddress() {
        assertThat(Configs.problems("clusters: [{metastore: derby}]"))
                .containsExactly("torii.yaml:1: clusters[0].metastore is 'derby',"
                        + " expected managed, none or thrift://host:9083");
    }

    /** {@code a.b.c: value} as YAML. */
    private static String nested(String key) {
        String[] parts = key.split(": ", 2);
        String[] names = parts[0].split("\\.");
        return String.join(": {", names) + ": " + parts[1] + "}".repeat(names.length - 1);
    }

    @Test
    void thePortOverHttpIsCheckedAsTheOther() {
        assertThat(Configs.problems("thrift: {http: {host: 192.0.2.1}}"))
                .singleElement()
                .asString()
                .contains("authentication.type is none while thrift.http.host is 192.0.2.1, which others can reach");
        assertThat(Configs.problems("thrift: {http: {host: 192.0.2.1, enabled: false}}"))
                .isEmpty();
        assertThat(Configs.problems("thrift: {port: 10010}"))
                .containsExactly("torii.yaml:1: thrift.http.port is 10010, which is thrift.port: choose another, or set"
                        + " thrift.http.enabled to false");
    }

    @Test
    void aCookieCountsForAWeekAtMostAndThePathIsAPath() {
        assertThat(Configs.problems("thrift: {http: {cookie-max-age: 8d}}"))
                .containsExactly("torii.yaml:1: thrift.http.cookie-max-age is 8d, expected 1s to 7d");
        assertThat(Configs.problems("thrift: {http: {path: 'a b'}}"))
                .containsExactly("torii.yaml:1: thrift.http.path is 'a b', expected letters, digits and . _ ~ - with"
                        + " slashes between");
        assertThat(Configs.problems("thrift: {http: {path: /gateway/hive/}}")).isEmpty();
    }
}
