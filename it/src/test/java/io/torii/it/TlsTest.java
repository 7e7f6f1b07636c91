package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Thrift port with TLS, as Hive's own drivers speak it. */
@Tag("system")
class TlsTest {
    private static final String PASSWORD = "open-sesame";

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() throws Exception {
        Path keystore = directory.resolve("gateway.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "gateway",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keystore.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        world = World.start(
                directory,
                """
                thrift:
                  tls:
                    enabled: true
                    keystore: %s
                    keystore-password: %s
                clusters:
                  - name: local
                    type: local
                    metastore: none
                """
                        .formatted(keystore, PASSWORD));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void driversConnectOverTls() throws SQLException {
        for (String version : new String[] {"3.1.3", "4.0.1"}) {
            try (Connection connection = HiveDriver.of(version).connect(url("ssl=true"), "alice", "x")) {
                assertThat(connection.getMetaData().getDatabaseProductName())
                        .as(version)
                        .isNotBlank();
            }
        }
    }

    @Test
    void driversConnectOverHttps() throws SQLException {
        String http = ";transportMode=http;httpPath=cliservice";
        for (String version : new String[] {"3.1.3", "4.0.1"}) {
            String url = url("ssl=true").replace(":" + world.thriftPort(), ":" + world.httpPort()) + http;
            try (Connection connection = HiveDriver.of(version).connect(url, "alice", "x")) {
                assertThat(connection.getMetaData().getDatabaseProductName())
                        .as(version)
                        .isNotBlank();
            }
        }
    }

    @Test
    void aDriverWithoutTlsIsTurnedAwayAtOnce() {
        assertThatThrownBy(() -> HiveDriver.of("3.1.3").connect(url("ssl=false"), "alice", "x"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void whatIsPrintedKeepsThePasswordSecret() {
        assertThat(world.output()).contains("tls=true").doesNotContain(PASSWORD);
    }

    private static String url(String ssl) {
        return "jdbc:hive2://localhost:" + world.thriftPort() + "/default;" + ssl + ";sslTrustStore="
                + directory.resolve("gateway.p12") + ";trustStorePassword=" + PASSWORD;
    }
}
