package io.torii.it.bench;

import io.torii.it.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Learns the address and the secret of the engine that a gateway starts, as only the owner of both can: from the launch
 * file, before the engine takes it, and from the gateway's log.
 */
final class EngineFinder extends Thread {
    private static final Pattern CALLED_HOME =
            Pattern.compile("engine called home engine=(torii-[0-9a-f]{32}) host=\\S+ port=(\\d+) welcome=true");
    private static final long LIMIT_SECONDS = 60;
    private static final long LOOK_EVERY_NANOS = 2_000_000;

    private final World world;
    private volatile Properties launch;

    record Found(String tag, int port, String secret) {}

    EngineFinder(World world) {
        super("engine-finder");
        setDaemon(true);
        this.world = world;
    }

    @Override
    public void run() {
        Path engines = world.workDirectory().resolve("clusters/local/engines");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (launch == null && System.nanoTime() < end) {
            launch = read(engines).orElse(null);
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /** Once the engine has answered its first statement. */
    Found found() throws InterruptedException {
        join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        Matcher home = CALLED_HOME.matcher(world.output());
        while (launch != null && home.find()) {
            if (home.group(1).equals(launch.getProperty("tag"))) {
                return new Found(home.group(1), Integer.parseInt(home.group(2)), launch.getProperty("secret"));
            }
        }
        throw new IllegalStateException("The engine's launch was not seen");
    }

    private static Optional<Properties> read(Path engines) {
        if (!Files.isDirectory(engines)) {
            return Optional.empty();
        }
        try (Stream<Path> launches = Files.list(engines)) {
            for (Path directory : launches.toList()) {
                Properties read = new Properties();
                try (var in = Files.newBufferedReader(directory.resolve("launch.properties"))) {
                    read.load(in);
                }
                if (read.containsKey("secret") && read.containsKey("user")) {
                    return Optional.of(read);
                }
            }
        } catch (IOException notYet) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
