package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import io.torii.api.check.Check;
import io.torii.api.check.ClockDifference;
import io.torii.api.check.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;

/**
 * Whether the store can be opened. Makes nothing in it and migrates nothing; an embedded database is opened to be read only,
 * and not at all while a gateway has it.
 */
public final class DatabaseCheck implements Check {
    private static final String SUBJECT = "store";
    private static final String SCHEMA = "store schema";
    private static final String CLOCK = "store clock";
    private static final String EMBEDDED = "jdbc:h2:file:";
    private static final String FILE_ENDING = ".mv.db";
    private static final String SECONDS = "5";

    private final DatabaseSettings settings;
    private final OptionalLong gateway;

    /** @param gateway the pid of the gateway that has the work directory now */
    public DatabaseCheck(DatabaseSettings settings, OptionalLong gateway) {
        this.settings = requireNonNull(settings, "settings");
        this.gateway = requireNonNull(gateway, "gateway");
    }

    @Override
    public String subject() {
        return SUBJECT;
    }

    @Override
    public List<Finding> look() {
        Optional<Path> file = file();
        if (file.isEmpty()) {
            return look(settings.url(), place(), "start it, or correct store.url");
        }
        if (!Files.exists(file.get())) {
            return List.of(Finding.ok(SUBJECT, file.get() + " will be made at the first start"));
        }
        if (gateway.isPresent()) {
            return List.of(Finding.ok(
                    SUBJECT, file.get() + " is in use by the running gateway (pid " + gateway.getAsLong() + ")"));
        }
        return look(
                settings.url() + ";IFEXISTS=TRUE;ACCESS_MODE_DATA=r",
                file.get().toString(),
                "end the program that has it or, if it is broken, bring it back from a copy or move it away: what sessions"
                        + " had open is lost with it");
    }

    private List<Finding> look(String url, String place, String adviceIfSilent) {
        List<Finding> findings = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url, properties())) {
            findings.add(Finding.ok(
                    SUBJECT,
                    connection.getMetaData().getDatabaseProductName() + " "
                            + connection.getMetaData().getDatabaseProductVersion() + " answers: " + place));
            findings.add(schema(url, connection));
            if (!settings.isEmbedded()) {
                findings.add(clock(connection));
            }
        } catch (SQLException | FlywayException failure) {
            String found = hidden(place + ": " + Database.problem(failure));
            findings.add(Finding.fail(
                    findings.isEmpty() ? SUBJECT : SCHEMA, found, advice(Database.sqlState(failure), adviceIfSilent)));
        }
        return findings;
    }

    private Finding schema(String url, Connection connection) throws SQLException {
        MigrationInfoService migrations = Database.migrations(url, settings).info();
        MigrationInfo now = migrations.current();
        int missing = migrations.pending().length;
        for (MigrationInfo migration : migrations.all()) {
            if (migration.getState().isFailed()) {
                return Finding.fail(
                        SCHEMA,
                        "migration " + migration.getVersion() + " has failed",
                        "bring the database back from a copy, or empty it, and start the gateway again");
            }
            if (migration.getState().isResolved()) {
                continue;
            }
            return Finding.fail(
                    SCHEMA,
                    "version " + migration.getVersion() + " was made by a newer gateway",
                    "start that version of the gateway, or choose another database");
        }
        if (missing == 0) {
            return Finding.ok(SCHEMA, "version " + now.getVersion() + ", which is this gateway's");
        }
        String found = (now == null ? "none yet" : "version " + now.getVersion()) + ": " + missing
                + " migrations will be made at the next start";
        return mayCreate(connection)
                ? Finding.ok(SCHEMA, found)
                : Finding.fail(
                        SCHEMA,
                        found + ", but " + settings.user().orElse("its user") + " may not make tables",
                        "GRANT CREATE ON SCHEMA public TO " + settings.user().orElse("that user")
                                + ", or make that user the database's owner");
    }

    private boolean mayCreate(Connection connection) throws SQLException {
        return settings.isEmbedded()
                || !ask(connection, "SELECT has_schema_privilege(current_schema(), 'CREATE')")
                        .equals("f");
    }

    private static Finding clock(Connection connection) throws SQLException {
        Instant asked = Instant.now();
        String epoch = ask(connection, "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)");
        return ClockDifference.of(Instant.ofEpochMilli(Long.parseLong(epoch)), asked, Instant.now())
                .finding(CLOCK, "the database");
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        settings.user().ifPresent(user -> properties.setProperty("user", user));
        settings.password().map(Secret::value).ifPresent(password -> properties.setProperty("password", password));
        if (!settings.isEmbedded()) {
            properties.setProperty("connectTimeout", SECONDS);
            properties.setProperty("socketTimeout", SECONDS);
        }
        return properties;
    }

    private static String advice(String state, String ifSilent) {
        if (state.startsWith("28")) {
            return "correct store.user and store.password";
        }
        return state.equals("3D000")
                ? "have the database made (CREATE DATABASE, with store.user as its owner), or correct store.url"
                : ifSilent;
    }

    private Optional<Path> file() {
        String url = settings.url();
        return url.startsWith(EMBEDDED)
                ? Optional.of(Path.of(url.substring(EMBEDDED.length()).split(";", 2)[0] + FILE_ENDING))
                : Optional.empty();
    }

    /** Its parameters may hold a password. */
    private String place() {
        return settings.url().split("[?;]", 2)[0];
    }

    private String hidden(String text) {
        String shown = text.replace(settings.url(), place());
        return settings.password()
                .map(Secret::value)
                .filter(password -> !password.isEmpty())
                .map(password -> shown.replace(password, "***"))
                .orElse(shown);
    }
}
