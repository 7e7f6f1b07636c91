package io.torii.it.load;

import io.torii.it.World;
import io.torii.server.store.sql.DatabaseSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Has clients of all kinds work for a while, kills the gateway and engines under them, and looks whether anything has been
 * lost and whether anything has stayed behind. Prints a table; the exit code is 1 if so.
 */
@Command(name = "soak", mixinStandardHelpOptions = true, description = "A long run with random deaths.")
public final class Soak implements Callable<Integer> {
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(90);
    private static final int LONGEST_MINUTES = 24 * 60;
    private static final int GATEWAYS_PER_ENGINE = 4;
    private static final int DEATHS_OF_10 =
            7; // then the last gateway and engines grow old enough to show what they keep
    private static final List<String> EMPTY_TABLES = List.of("session", "session_journal", "statement");
    private static final String CONFIGURATION =
            """
            engine:
              heartbeat-interval: 1s
            clusters:
              - name: local
                type: local
                metastore: none
                settings:
                  spark.master: "local[2]"
                  spark.driver.memory: 1g
            """;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    @Option(names = "--minutes", description = "How long clients work (default: ${DEFAULT-VALUE})")
    private int minutes = 30;

    @Option(names = "--seed", description = "For the same moments of death (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    private Soak() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Soak()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (minutes < 1 || minutes > LONGEST_MINUTES) {
            throw new IllegalArgumentException("--minutes " + minutes + ", expected 1 to " + LONGEST_MINUTES);
        }
        Path directory = Files.createTempDirectory("torii-soak-");
        try (World world = World.start(directory, CONFIGURATION)) {
            boolean clean = soak(world);
            world.killGateway();
            boolean empty = rows(world.workDirectory());
            out.println(clean && empty ? "nothing is lost, nothing is left" : "see above; files are in " + directory);
            return clean && empty ? 0 : 1;
        }
    }

    private boolean soak(World world) throws IOException, SQLException, InterruptedException {
        try (KillRun warmUp = new KillRun(world, false, seed)) {
            warmUp.start();
            TimeUnit.SECONDS.sleep(WARM_UP.toSeconds());
            if (!isClean(warmUp.end())) {
                return false;
            }
        }
        Residue before = Residue.of(world);
        try (KillRun run = new KillRun(world, true, seed)) {
            long start = System.nanoTime();
            long whole = Duration.ofMinutes(minutes).toNanos();
            run.start();
            for (int deaths = 1; System.nanoTime() - start < whole / 10 * DEATHS_OF_10; deaths++) {
                run.killGateway();
                if (deaths % GATEWAYS_PER_ENGINE == 0) {
                    run.killEngines();
                }
            }
            TimeUnit.NANOSECONDS.sleep(Math.max(0, whole - (System.nanoTime() - start)));
            Ledger ledger = run.end();
            out.println(ledger.table());
            Residue after = settled(world, before);
            out.println(after.table(before));
            return isClean(ledger) & after.isBackAt(before);
        }
    }

    /** What there is once it is back where it was, or when the time for that is over. */
    private static Residue settled(World world, Residue before) throws IOException, InterruptedException {
        long limit = System.nanoTime() + GRACE.toNanos();
        while (true) {
            Residue now = Residue.of(world);
            if (now.isBackAt(before) || System.nanoTime() > limit) {
                return now;
            }
            TimeUnit.SECONDS.sleep(2);
        }
    }

    private boolean isClean(Ledger ledger) {
        ledger.problems().forEach(problem -> out.println("problem: " + problem));
        return ledger.problems().isEmpty();
    }

    /** Counts what a gateway that has ended has left in its store. */
    private boolean rows(Path workDirectory) throws SQLException {
        long all = 0;
        String url = DatabaseSettings.embedded(workDirectory.resolve("store/gateway"), 1)
                .url();
        try (Connection connection = DriverManager.getConnection(url, "torii", "");
                Statement statement = connection.createStatement()) {
            for (String table : EMPTY_TABLES) {
                try (ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
                    count.next();
                    out.printf(Locale.ROOT, "%-32s %14d%n", "rows in " + table, count.getLong(1));
                    all += count.getLong(1);
                }
            }
        }
        return all == 0;
    }
}
