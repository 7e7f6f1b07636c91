package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords open the gate; a handle never does. */
@Tag("system")
class OwnershipTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() throws Exception {
        Path users = directory.resolve("users");
        Files.writeString(users, "alice:" + hash("wonder") + "\nmallory:" + hash("malice") + "\n");
        world = World.start(
                directory,
                """
                authentication:
                  type: file
                  file:
                    path: %s
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
    void theRightPasswordOpensASession() throws SQLException {
        try (Connection connection = DRIVER.connect(world.url("default"), "alice", "wonder")) {
            assertThat(JdbcClientContract.rows(connection, "SELECT current_user()"))
                    .containsExactly("alice");
        }
    }

    @Test
    void aWrongPasswordAndNoPasswordDoNot() {
        assertThatThrownBy(() -> DRIVER.connect(world.url("default"), "alice", "wrong"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> DRIVER.connect(world.url("default"), "nobody", "wonder"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> DRIVER.connect(world.url("default;auth=noSasl"), "alice", "wonder"))
                .isInstanceOf(SQLException.class)
                .hasStackTraceContaining("SASL");
    }

    @Test
    void somebodyElsesHandlesAreRefused() throws Exception {
        try (RawClient alice = RawClient.connect(world.thriftPort(), "alice", "wonder");
                RawClient mallory = RawClient.connect(world.thriftPort(), "mallory", "malice")) {
            TSessionHandle session = alice.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
            TOperationHandle operation = alice.execute(session, "SELECT 1");
            alice.end(operation);

            refused(mallory.service()
                    .ExecuteStatement(new TExecuteStatementReq(session, "SELECT 2"))
                    .getStatus());
            refused(mallory.service()
                    .GetOperationStatus(new TGetOperationStatusReq(operation))
                    .getStatus());
            refused(mallory.fetch(operation, 10).getStatus());
            refused(mallory.service()
                    .CloseSession(new TCloseSessionReq(session))
                    .getStatus());

            assertThat(alice.fetch(operation, 10).getStatus().getStatusCode()).isEqualTo(TStatusCode.SUCCESS_STATUS);
        }
    }

    static void refused(TStatus status) {
        assertThat(status.getStatusCode()).isIn(TStatusCode.ERROR_STATUS, TStatusCode.INVALID_HANDLE_STATUS);
        assertThat(status.getSqlState()).isEqualTo("42501");
    }

    static String hash(String password) throws Exception {
        Process process =
                new ProcessBuilder(Home.directory().resolve("bin/torii").toString(), "hash-password").start();
        try (var in = process.getOutputStream()) {
            in.write((password + "\n").getBytes(StandardCharsets.UTF_8));
        }
        String hash = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertThat(process.waitFor()).isZero();
        return hash;
    }
}
