package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.api.check.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseCheckTest {
    private static final Secret PASSWORD = new Secret("open sesame");

    @TempDir
    private Path directory;

    @Test
    void makesNoFile() throws IOException {
        assertThat(lines(embedded())).containsExactly("ok   store: " + file() + " will be made at the first start");
        try (Stream<Path> made = Files.list(directory)) {
            assertThat(made).isEmpty();
        }
    }

    @Test
    void opensAFileWithoutChangingIt() throws IOException {
        make(embedded());
        byte[] before = Files.readAllBytes(file());

        assertThat(lines(embedded()))
                .satisfiesExactly(
                        store -> assertThat(store).startsWith("ok   store: H2 ").endsWith("answers: " + file()),
                        schema -> assertThat(schema)
                                .startsWith("ok   store schema: version ")
                                .endsWith(", which is this gateway's"));
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        try (Stream<Path> there = Files.list(directory)) {
            assertThat(there).containsExactly(file());
        }
    }

    @Test
    void leavesTheFileToTheGatewayThatHasIt() {
        try (Database gateway = Database.open(embedded(), Runnable::run)) {
            assertThat(gateway.ping()).succeedsWithin(java.time.Duration.ofSeconds(10));

            assertThat(new DatabaseCheck(embedded(), OptionalLong.of(4711))
                            .look().stream().map(Finding::line))
                    .containsExactly("ok   store: " + file() + " is in use by the running gateway (pid 4711)");
        }
    }

    @Test
    void saysThatAFileIsBroken() throws IOException {
        Files.writeString(file(), "no database");

        assertThat(lines(embedded()))
                .singleElement()
                .asString()
                .startsWith("FAIL store: " + file() + ": ")
                .contains("; end the program that has it or, if it is broken, bring it back from a copy");
    }

    @Test
    void refusesTheStoreOfANewerGateway() throws SQLException {
        make(embedded());
        execute(
                embedded(),
                "INSERT INTO \"flyway_schema_history\" SELECT \"installed_rank\" + 100, '99', 'the future', \"type\","
                        + " 'V99__the_future.sql', \"checksum\", \"installed_by\", \"installed_on\","
                        + " \"execution_time\", \"success\" FROM \"flyway_schema_history\" WHERE \"version\" = '1'");

        assertThat(lines(embedded()))
                .last()
                .isEqualTo(
                        "FAIL store schema: version 99 was made by a newer gateway; start that version of the gateway,"
                                + " or choose another database");
    }

    @Test
    void saysThatThereIsNoDatabaseServerAndKeepsThePassword() {
        DatabaseSettings nobody = new DatabaseSettings(
                "jdbc:postgresql://127.0.0.1:1/torii?password=open+sesame",
                Optional.of("torii"),
                Optional.of(PASSWORD),
                1);

        assertThat(lines(nobody))
                .singleElement()
                .asString()
                .startsWith("FAIL store: jdbc:postgresql://127.0.0.1:1/torii: Connection to 127.0.0.1:1 refused")
                .endsWith("; start it, or correct store.url")
                .doesNotContain("sesame");
    }

    @Test
    void keepsThePasswordOfAnAddressThatIsNone() {
        DatabaseSettings wrong = new DatabaseSettings(
                "jdbc:postgresql://127.0.0.1:port/torii?password=sesame", Optional.empty(), Optional.empty(), 1);

        assertThat(lines(wrong))
                .singleElement()
                .asString()
                .startsWith("FAIL store: ")
                .doesNotContain("sesame");
    }

    @Test
    void makesNothingInAnEmptyDatabase() throws SQLException {
        DatabaseSettings empty = PostgresServer.shared().newDatabase(1);

        assertThat(lines(empty))
                .satisfiesExactly(
                        store -> assertThat(store)
                                .startsWith("ok   store: PostgreSQL ")
                                .endsWith("answers: " + empty.url()),
                        schema -> assertThat(schema)
                                .startsWith("ok   store schema: none yet: ")
                                .endsWith(" migrations will be made at the next start"),
                        clock -> assertThat(clock)
                                .isEqualTo("ok   store clock: that of the database agrees within 2 s"));
        assertThat(lines(empty)).element(1).asString().contains("none yet");
    }

    @Test
    void knowsItsOwnSchema() throws SQLException {
        DatabaseSettings used = PostgresServer.shared().newDatabase(1);
        make(used);

        assertThat(lines(used)).element(1).asString().endsWith(", which is this gateway's");
    }

    @Test
    void saysThatItsUserMayNotMakeTables() throws SQLException {
        DatabaseSettings mine = PostgresServer.shared().newDatabase(1);
        execute(mine, "CREATE ROLE visitor LOGIN PASSWORD 'open sesame'");
        execute(mine, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        try {
            assertThat(lines(new DatabaseSettings(mine.url(), Optional.of("visitor"), Optional.of(PASSWORD), 1)))
                    .element(1)
                    .asString()
                    .startsWith("FAIL store schema: none yet: ")
                    .endsWith("but visitor may not make tables; GRANT CREATE ON SCHEMA public TO visitor, or make that"
                            + " user the database's owner");
        } finally {
            execute(mine, "DROP ROLE visitor");
        }
    }

    @Test
    void saysWhatADatabaseRefuses() throws SQLException {
        DatabaseSettings right = PostgresServer.shared().newDatabase(1);
        DatabaseSettings password = new DatabaseSettings(right.url(), right.user(), Optional.of(PASSWORD), 1);
        DatabaseSettings name =
                new DatabaseSettings(right.url() + "no", right.user(), right.password(), right.connections());

        assertThat(lines(password))
                .singleElement()
                .asString()
                .contains("password authentication failed")
                .endsWith("; correct store.user and store.password");
        assertThat(lines(name))
                .singleElement()
                .asString()
                .contains("does not exist; have the database made (CREATE DATABASE,");
    }

    private DatabaseSettings embedded() {
        return DatabaseSettings.embedded(directory.resolve("gateway"), 1);
    }

    private Path file() {
        return directory.resolve("gateway.mv.db");
    }

    private static void make(DatabaseSettings settings) {
        Database.open(settings, Runnable::run).close();
    }

    private static void execute(DatabaseSettings settings, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        settings.url(),
                        settings.user().orElseThrow(),
                        settings.password().orElseThrow().value());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> lines(DatabaseSettings settings) {
        return new DatabaseCheck(settings, OptionalLong.empty())
                .look().stream().map(Finding::line).toList();
    }
}
