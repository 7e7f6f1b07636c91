package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A login acts for whom the list allows, and for nobody else; nobody else gets at its sessions. */
@Tag("system")
class ProxyUsersTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
    private static final String FOR_ALICE = "default;hive.server2.proxy.user=alice";

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() throws Exception {
        Path users = directory.resolve("users");
        Files.writeString(
                users,
                String.join(
                        "\n",
                        "hue:" + OwnershipTest.hash("colour"),
                        "far:" + OwnershipTest.hash("away"),
                        "alice:" + OwnershipTest.hash("wonder") + ":analysts",
                        "bob:" + OwnershipTest.hash("builder") + ":builders",
                        ""));
        world = World.start(
                directory,
                """
                authentication:
                  type: file
                  file:
                    path: %s
                  proxy-users:
                    - user: hue
                      hosts: [127.0.0.0/8]
                      groups: [analysts]
                    - user: far
                      hosts: [192.0.2.0/24]
                      users: ["*"]
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[1]"
                      spark.driver.memory: 512m
                """
                        .formatted(users));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void aLoginThatMayActsForTheOtherInEverything() throws Exception {
        try (Connection connection = DRIVER.connect(world.url(FOR_ALICE), "hue", "colour");
                Connection overHttp = DRIVER.connect(world.httpUrl(FOR_ALICE), "hue", "colour");
                Connection alice = DRIVER.connect(world.url("default"), "alice", "wonder")) {
            assertThat(JdbcClientContract.rows(connection, "SELECT current_user()"))
                    .containsExactly("alice");
            assertThat(JdbcClientContract.rows(overHttp, "SELECT current_user()"))
                    .containsExactly("alice");
            assertThat(engine(connection)).as("the user's engine").isEqualTo(engine(alice));
            assertThat(engine(overHttp)).isEqualTo(engine(alice));
            assertThatThrownBy(() -> JdbcClientContract.run(connection, "SET hive.server2.proxy.user=bob"))
                    .isInstanceOfSatisfying(SQLException.class, refusal -> assertThat(refusal.getSQLState())
                            .isEqualTo("42501"));
        }
        Eventually.holds(Duration.ofSeconds(30), () -> assertThat(audit())
                .anyMatch(line -> line.contains("\"user\":\"alice\",\"login\":\"hue\""))
                .anyMatch(line -> line.contains("\"user\":\"alice\",\"session\"")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hue colour bob",
                "hue colour Alice",
                "hue colour alice@EXAMPLE.COM",
                "hue colour nobody",
                "alice wonder bob",
                "far away alice"
            })
    void whatIsNotOnTheListIsRefusedInOneSentence(String who) {
        String[] words = who.split(" ");
        String refusal = "User " + words[0] + " may not act for " + words[2] + " from 127.0.0.1;";

        for (String url : List.of(world.url("default"), world.httpUrl("default"))) {
            assertThatThrownBy(() -> DRIVER.connect(
                            url.replace("/default", "/default;hive.server2.proxy.user=" + words[2]),
                            words[0],
                            words[1]))
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining(refusal);
        }
    }

    @Test
    void theSessionIsItsLoginsAlone() throws Exception {
        try (RawClient hue = RawClient.connect(world.thriftPort(), "hue", "colour");
                RawClient again = RawClient.connect(world.thriftPort(), "hue", "colour");
                RawClient alice = RawClient.connect(world.thriftPort(), "alice", "wonder")) {
            TSessionHandle session = hue.open(
                    TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of("hive.server2.proxy.user", "alice"));
            TOperationHandle operation = hue.execute(session, "SELECT 1");
            hue.end(operation);

            OwnershipTest.refused(alice.service()
                    .ExecuteStatement(new TExecuteStatementReq(session, "SELECT 2"))
                    .getStatus());
            OwnershipTest.refused(alice.fetch(operation, 10).getStatus());
            OwnershipTest.refused(
                    alice.service().CloseSession(new TCloseSessionReq(session)).getStatus());
            assertThat(again.fetch(operation, 10).getStatus().getStatusCode())
                    .as("the same login over another connection")
                    .isEqualTo(TStatusCode.SUCCESS_STATUS);
        }
    }

    private static String engine(Connection connection) throws SQLException {
        return JdbcClientContract.rows(connection, "SET spark.app.id").get(0);
    }

    private static List<String> audit() {
        try {
            return Files.readAllLines(directory.resolve("logs/audit.log"));
        } catch (IOException notYet) {
            return List.of();
        }
    }
}
