package io.torii.it.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users type wrongly, and what strangers send. */
@Tag("system")
class SpineInputTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "474554202f20485454502f312e310d0a0d0a", // GET / HTTP/1.1
                "160301000501000001fc", // the begin of a TLS handshake
                "ffffffffffffffff",
                "0100000005504c41494effffffff", // SASL PLAIN with a length of -1
                "01000000034654500000000000", // a mechanism that does not exist
                "800100010000000b4f70656e53657373696f6e0000000000" // Thrift without SASL
            })
    void strangersAtTheBinaryPortAreSentAway(String hex) throws Exception {
        byte[] answer = say(Spine.world().thriftPort(), HexFormat.of().parseHex(hex));

        assertThat(answer.length).isLessThan(300);
        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000005504c41494e0200000014616c69636500616c69636500776f6e6465722d78", // SASL
                "160301000501000001fc0d0a0d0a", // the begin of a TLS handshake
                "00000000000000000d0a0d0a"
            })
    void strangersAtTheHttpPortGetAStatus(String hex) throws Exception {
        String answer = new String(
                say(Spine.world().httpPort(), HexFormat.of().parseHex(hex + "0d0a0d0a")), StandardCharsets.ISO_8859_1);

        assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("Exception", "Jetty");
    }

    @Test
    void emptyStatementsAreSyntaxErrorsAndTwoAreNotOne() throws SQLException {
        try (Connection connection = Spine.connect("alice")) {
            for (String sql : List.of("-- nothing", "/* nothing */", "  \n", "SELECT 1; SELECT 2")) {
                SQLException problem = catchThrowableOfType(SQLException.class, () -> Spine.rows(connection, sql));
                assertThat((Throwable) problem).as(sql).isNotNull();
                assertThat(problem.getSQLState()).as(sql).isIn("42601", "42617");
            }
            assertThat(Spine.rows(connection, "SELECT 1 ;")).containsExactly("1");
            assertThat(Spine.rows(connection, "-- before\nSELECT 2 -- after")).containsExactly("2");
        }
    }

    @Test
    void longStatementsAndLongValuesPass() throws SQLException {
        try (Connection connection = Spine.connect("alice")) {
            String list = "SELECT " + "1 + ".repeat(500) + "1";
            assertThat(Spine.rows(connection, list)).containsExactly("501");
            String padded = "SELECT 7 /* " + "long ".repeat(200_000) + "*/";
            assertThat(Spine.rows(connection, padded)).containsExactly("7");
            String value = "x".repeat(10_000_000);
            assertThat(Spine.rows(connection, "SELECT '" + value + "'").get(0).equals(value))
                    .isTrue();
        }
    }

    @Test
    void whatIsLargerThanAMessageMayBeHarmsNobodyElse() throws SQLException {
        try (Connection other = Spine.connect("alice")) {
            Connection connection = Spine.connect("alice");
            assertThatThrownBy(() -> Spine.rows(connection, "SELECT '" + "x".repeat(17 << 20) + "'"))
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining("16777216");
            assertThat(Spine.rows(other, "SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void everyCharacterComesBack() throws SQLException {
        try (Connection connection = Spine.connect("alice")) {
            String text = "ß é 中文 😀 \u202e \ufeff \ud83d\udc68\u200d\ud83d\udc69 \t end";
            assertThat(Spine.rows(connection, "SELECT '" + text + "', length('😀')"))
                    .containsExactly(text + "|1");
            assertThat(Spine.rows(connection, "SELECT 'c\\0d', char(0)")).containsExactly("c\u0000d|\u0000");
            assertThatThrownBy(() -> Spine.rows(connection, "SELECT 'a\u0000b'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("NUL");
            assertThat(Spine.rows(connection, "SELECT 'col' AS `名 前`, \"quo''ted\""))
                    .containsExactly("col|quo''ted");
        }
    }

    @Test
    void aMisspeltSettingNamesTheNearestOne() throws SQLException {
        assertThatThrownBy(() -> Spine.connectTo(Spine.world().url("default?torii.queu=etl"), "alice"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("torii.queue");
        try (Connection connection = Spine.connect("alice")) {
            assertThatThrownBy(() -> Spine.run(connection, "SET torii.statement.timeot=5s"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("torii.statement.timeout");
            assertThatThrownBy(() -> Spine.run(connection, "SET torii.statement.timeout=soon"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("soon");
            assertThatThrownBy(() -> Spine.run(connection, "SET spark.driver.extraJavaOptions=-Dx"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("spark.driver.extraJavaOptions");
            assertThat(Spine.rows(connection, "SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void aDatabaseThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> {
                    try (Connection connection = Spine.connectTo(Spine.world().url("no_such_database"), "alice")) {
                        Spine.rows(connection, "SELECT 1");
                    }
                })
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no_such_database");
    }

    /** Everything that the other side says to it until it closes. */
    private static byte[] say(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream().write(bytes);
            return socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }
}
