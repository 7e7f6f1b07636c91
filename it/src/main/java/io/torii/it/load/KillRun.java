package io.torii.it.load;

import io.torii.it.HiveDriver;
import io.torii.it.RawClient;
import io.torii.it.World;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Clients of all kinds under which the gateway, and its engines if that is wanted, are killed. One thread uses it. */
public final class KillRun implements AutoCloseable {
    private static final String USER = "kills";
    private static final long END_LIMIT_MILLIS = Duration.ofMinutes(4).toMillis();
    private static final long BUSY_LIMIT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int LEAST_DONE = 6;
    private static final int LOOK_MILLIS = 20;
    private static final int LONGEST_PAUSE_MILLIS = 1_500;

    private final World world;
    private final Ledger ledger;
    private final Random random;
    private final List<Thread> clients = new ArrayList<>();
    private final boolean enginesDie;
    private volatile boolean over;

    /** @param enginesDie whether engines will be killed too, and statements may fail because of it */
    public KillRun(World world, boolean enginesDie, long seed) throws IOException {
        this.world = world;
        this.enginesDie = enginesDie;
        this.random = new Random(seed);
        this.ledger = new Ledger(Files.createDirectories(world.directory().resolve("written")));
    }

    /** Starts clients: of each kind one, twice. */
    public void start() throws SQLException {
        int binary = world.thriftPort();
        int http = world.httpPort();
        for (int number = 1; number <= 2; number++) {
            begin(raw("binary " + number, () -> RawClient.connect(binary, USER, "x")));
            begin(raw("http " + number, () -> RawClient.overHttp(http, USER, "x")));
        }
        for (String version : List.of("3.1.3", "4.0.1")) {
            begin(new CarefulJdbc(
                    HiveDriver.of(version), world.httpUrl("default"), USER, ledger, signal(), random.nextLong()));
        }
    }

    /** Kills the gateway at a random moment while clients get on with their work, and starts it again. */
    public void killGateway() throws IOException, InterruptedException {
        long done = ledger.counted(Careful.DONE);
        for (long limit = System.nanoTime() + BUSY_LIMIT_NANOS;
                ledger.counted(Careful.DONE) < done + LEAST_DONE && System.nanoTime() < limit; ) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        world.killGateway();
        world.restartGateway();
        ledger.count("gateways killed");
    }

    /** Kills every engine. */
    public void killEngines() {
        for (ProcessHandle engine : world.engines()) {
            engine.destroyForcibly();
            ledger.count("engines killed");
        }
    }

    /** Waits for all clients to finish what they have begun, and compares what they know with what has happened. */
    public Ledger end() throws InterruptedException, IOException {
        over = true;
        long limit = System.currentTimeMillis() + END_LIMIT_MILLIS;
        for (Thread client : clients) {
            client.join(Math.max(1, limit - System.currentTimeMillis()));
            if (client.isAlive()) {
                ledger.problem(client.getName() + " does not end");
            }
        }
        ledger.compare();
        return ledger;
    }

    @Override
    public void close() {
        over = true;
        clients.forEach(Thread::interrupt);
    }

    private Careful raw(String name, CarefulRaw.Connector connector) {
        return new CarefulRaw(name, connector, ledger, signal(), random.nextLong());
    }

    private Careful.Signal signal() {
        return new Careful.Signal() {
            @Override
            public boolean isOver() {
                return over;
            }

            @Override
            public boolean enginesDie() {
                return enginesDie;
            }
        };
    }

    private void begin(Careful client) {
        Thread thread = new Thread(client, client.toString());
        thread.setDaemon(true);
        thread.start();
        clients.add(thread);
    }
}
