package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.launch.RootCause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processes of engines: started, found again, watched, ended, and put on record. May block. Thread-safe. */
final class EngineProcesses {
    private static final Logger log = LoggerFactory.getLogger(EngineProcesses.class);
    private static final Duration ADOPTED_POLL = Duration.ofMillis(500);
    private static final Duration SETTLED = Duration.ofSeconds(25);

    /** A launch that has no process on record after this time has none. */
    private static final Duration RECORDED_BY_NOW = Duration.ofMinutes(1);

    private static final int DIAGNOSED_BYTES = 256 << 10;

    private final LocalClusterConfig config;
    private final EngineProgram program;
    private final EngineDirectories directories;
    private final Clock clock;
    private final HostWork work;
    private final ConcurrentMap<LaunchTag, LocalApplication> running = new ConcurrentHashMap<>();

    EngineProcesses(
            LocalClusterConfig config,
            EngineProgram program,
            EngineDirectories directories,
            Clock clock,
            HostWork work) {
        this.config = requireNonNull(config, "config");
        this.program = requireNonNull(program, "program");
        this.directories = requireNonNull(directories, "directories");
        this.clock = requireNonNull(clock, "clock");
        this.work = requireNonNull(work, "work");
    }

    /** One that is known to run, without looking at files. */
    Optional<LocalApplication> known(LaunchTag tag) {
        return Optional.ofNullable(running.get(tag))
                .filter(application -> application.process().isAlive());
    }

    /** Starts a process whose directory is prepared, and puts it on record. */
    Submission spawn(EngineLaunch launch, Path directory, EngineProgram.Start start) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(start.command());
        builder.environment().clear();
        builder.environment().putAll(start.environment());
        builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directories.log(launch.tag()).toFile()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException failure) {
            throw new GatewayException(
                    ErrorCode.ENGINE_LAUNCH_FAILED, "Cannot start an engine: " + failure.getMessage(), failure);
        }
        LocalApplication application = new LocalApplication(launch.tag(), ProcessIdentity.of(process.toHandle()));
        try {
            directories.started(launch.tag(), application.process());
        } catch (IOException failure) {
            process.destroyForcibly(); // never a process without a record
            throw failure;
        }
        running.put(launch.tag(), application);
        log.info(
                "Engine started tag={} key={} pid={}",
                launch.tag(),
                launch.spec().key(),
                process.pid());
        work.later(
                SETTLED,
                () -> work.quietly(() -> {
                    program.settled(directory);
                    return null;
                }));
        process.onExit()
                .thenAccept(ended -> work.quietly(() -> conclude(application, OptionalInt.of(ended.exitValue()))))
                .exceptionally(failure -> {
                    log.warn("Cannot watch an engine tag={}", launch.tag(), failure);
                    return null;
                });
        return Submission.ACCEPTED;
    }

    /** The running engine with this tag, watched from now on; empty if it does not run. */
    Optional<LocalApplication> watch(LaunchTag tag, boolean launching) throws IOException {
        LocalApplication watched = running.get(tag);
        if (watched != null) {
            return Optional.of(watched);
        }
        if (!directories.has(tag) || directories.end(tag).isPresent()) {
            return Optional.empty();
        }
        Optional<ProcessIdentity> process = processOf(tag, launching).filter(ProcessIdentity::isAlive);
        if (process.isEmpty()) {
            return Optional.ofNullable(running.get(tag));
        }
        LocalApplication found = new LocalApplication(tag, process.get());
        LocalApplication other = running.putIfAbsent(tag, found);
        if (other == null) {
            log.info("Engine of an earlier gateway found tag={} pid={}", tag, found.id());
            poll(found);
        }
        return Optional.of(other == null ? found : other);
    }

    /** An adopted engine is nobody's child, so that no one is told of its end. */
    private void poll(LocalApplication adopted) {
        if (work.isClosed()) {
            return;
        }
        if (!adopted.process().isAlive()) {
            work.quietly(() -> conclude(adopted, OptionalInt.empty()));
            return;
        }
        work.later(ADOPTED_POLL, () -> poll(adopted));
    }

    /**
     * What the record says; an end that nobody has seen is put on record now.
     *
     * @param launching whether this gateway is about to start it
     */
    Optional<Application> look(LaunchTag tag, boolean launching) throws IOException {
        if (!directories.has(tag)) {
            return Optional.empty();
        }
        Optional<Application> ended = directories.end(tag);
        if (ended.isPresent()) {
            return ended;
        }
        Optional<ProcessIdentity> process = processOf(tag, launching);
        if (process.isPresent() && process.get().isAlive()) {
            return Optional.of(
                    Application.running(tag, Long.toString(process.get().pid())));
        }
        LocalApplication watched = running.get(tag);
        if (watched != null) {
            return Optional.of(watched.alive()); // its end is being established
        }
        if (launching
                || clock.millis() - directories.changedAt(tag) < RECORDED_BY_NOW.toMillis() && process.isEmpty()) {
            return Optional.empty();
        }
        if (!directories.has(tag)) {
            return Optional.empty(); // a launch that failed was cleared away meanwhile
        }
        LocalApplication dead = new LocalApplication(tag, process.orElse(new ProcessIdentity(0, "")));
        return Optional.of(conclude(dead, OptionalInt.empty()));
    }

    /** The recorded process or, if the gateway died before it could record it, the one that was started for this tag. */
    private Optional<ProcessIdentity> processOf(LaunchTag tag, boolean launching) throws IOException {
        Optional<ProcessIdentity> recorded = directories.process(tag);
        if (recorded.isPresent() || launching) {
            return recorded;
        }
        String arguments = "@" + directories.of(tag) + "/";
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().stream()
                        .flatMap(Stream::of)
                        .anyMatch(argument -> argument.startsWith(arguments)))
                .findFirst()
                .map(ProcessIdentity::of);
    }

    /** Asks it to end, and kills it if it has not done so for some time. */
    void end(LocalApplication application) {
        application.terminate();
        work.later(config.killAfter(), () -> {
            if (!application.end().isDone()) {
                log.warn("Engine does not end when asked, killing it tag={}", application.tag());
                application.destroy();
            }
        });
    }

    private Application conclude(LocalApplication application, OptionalInt exitCode) throws IOException {
        LaunchTag tag = application.tag();
        Application end = directories
                .end(tag)
                .orElseGet(() -> Application.ended(tag, application.id(), diagnose(application, exitCode)));
        try {
            directories.ended(end);
        } finally {
            running.remove(tag, application);
            application.end().complete(end);
            application.destroyChildren();
        }
        log.info("Engine ended tag={} pid={} diagnostics={}", tag, end.id(), end.diagnostics());
        program.ended(directories.of(tag), exitCode.orElse(0));
        directories.strip(tag);
        return end;
    }

    private String diagnose(LocalApplication application, OptionalInt exitCode) {
        if (application.isKilled()) {
            return "Ended at the gateway's request";
        }
        try {
            return RootCause.of(LogTail.text(directories.log(application.tag()), DIAGNOSED_BYTES), exitCode);
        } catch (IOException unreadable) {
            return RootCause.of("Cannot read the engine's log: " + unreadable, exitCode);
        }
    }
}
