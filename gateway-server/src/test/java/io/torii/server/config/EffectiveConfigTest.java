package io.torii.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be shown to anybody. */
class EffectiveConfigTest {
    @Test
    void printsWhatIsInForceInTheWordsOfTheFile() {
        String printed = EffectiveConfig.print(
                Configs.of(
                        """
                gateway:
                  name: gate-1
                session:
                  idle-timeout: 90m
                engine:
                  share-level: GROUP
                """));

        assertThat(printed)
                .contains("gateway:\n  work-directory: work\n  profile: dev\n  name: gate-1\n")
                .contains("  idle-timeout: 90m\n")
                .contains("  share-level: group\n")
                .contains("  max-message-size: 16MB\n")
                .contains("clusters:\n- name: local\n  type: local\n");
    }

    @Test
    void whatIsPrintedCanBeReadAgain() {
        GatewayConfig config = Configs.of(
                """
                thrift:
                  poll-limit: 0
                settings:
                  user-may-set: [spark.jars, 'spark.yarn.*']
                session:
                  defaults: {spark.sql.ansi.enabled: "true", a: "0x10", b: "", c: "# no comment"}
                """);

        assertThat(Configs.of(EffectiveConfig.print(config))).isEqualTo(config);
    }

    @Test
    void hidesSecrets() {
        String printed = EffectiveConfig.print(
                Configs.of(
                        """
                thrift:
                  tls: {keystore-password: s3cret-1}
                authentication:
                  ldap: {bind-dn: "cn=search", bind-password: s3cret-2}
                store:
                  password: s3cret-3
                """));

        assertThat(printed)
                .doesNotContain("s3cret")
                .contains("keystore-password: '***'", "bind-password: '***'", "  password: '***'")
                .contains("bind-dn: cn=search");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.ssl.keyPassword",
                "javax.jdo.option.ConnectionPassword",
                "spark.authenticate.secret",
                "spark.hadoop.fs.s3a.access.key",
                "spark.hadoop.fs.s3a.secret.key",
                "spark.hadoop.fs.azure.account.key.store.example.com",
                "spark.hadoop.fs.azure.sas.container.store.example.com",
                "spark.my.api-key",
                "spark.my.private_key",
                "spark.my.passphrase",
                "spark.my.oauth.token",
                "jdbc.pwd"
            })
    void hidesSettingsWhoseNameSaysThatTheyAreSecret(String name) {
        String printed = EffectiveConfig.print(Configs.of(
                """
                session:
                  defaults: {%1$s: s3cret}
                clusters:
                  - settings: {%1$s: s3cret}
                """
                        .formatted(name)));

        assertThat(printed)
                .doesNotContain("s3cret")
                .containsPattern("(?s)" + name + ": '\\*\\*\\*'.*" + name + ": '\\*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "jdbc:postgresql://db/torii?user=torii&password=s3cret&ssl=true"
                        + " => jdbc:postgresql://db/torii?user=torii&password=***&ssl=true",
                "jdbc:postgresql://torii:s3cret@db/torii => jdbc:postgresql://torii:***@db/torii",
                "jdbc:postgresql://torii:p@s3cret@db/torii => jdbc:postgresql://torii:***@db/torii",
                "-Djavax.net.ssl.trustStorePassword=s3cret -Xmx2g"
                        + " => -Djavax.net.ssl.trustStorePassword=*** -Xmx2g",
                "-Dfs.s3a.secret.key=s3cret -Da=b => -Dfs.s3a.secret.key=*** -Da=b",
                "hdfs://namenode:8020/tables => hdfs://namenode:8020/tables"
            })
    void hidesPasswordsInsideValues(String value, String shown) {
        String printed = EffectiveConfig.print(Configs.of(
                """
                session:
                  defaults:
                    some.setting: "%s"
                """
                        .formatted(value)));

        assertThat(printed).doesNotContain("s3cret").contains("some.setting: " + shown + "\n");
    }

    @Test
    void hidesThePasswordInTheUrlOfTheStore() {
        String printed = EffectiveConfig.print(
                Configs.of("store: {url: 'jdbc:postgresql://db/torii?user=torii&password=s3cret'}"));

        assertThat(printed).contains("  url: jdbc:postgresql://db/torii?user=torii&password=***\n");
    }
}
