package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Timers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills engines that have not reported for a while and do not answer either: a process that hangs lives, as far as its
 * cluster knows. The registry forgets them once they have ended, so that no session moves while its engine may still run.
 * Blocks no thread. Thread-safe.
 */
public final class SilentEngines {
    private static final Logger log = LoggerFactory.getLogger(SilentEngines.class);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
    private static final Duration KILL_AGAIN_AFTER = Duration.ofMinutes(1);

    private final Heartbeats heartbeats;
    private final EngineChannels channels;
    private final Map<String, ClusterBackend> clusters;
    private final Clock clock;
    private final Timers timers;
    private final Duration limit;
    private final Instant since;
    private final ConcurrentMap<LaunchTag, Instant> lookedAt = new ConcurrentHashMap<>();

    /** @param limit how long an engine may be silent; also how long this gateway listens before it judges */
    public SilentEngines(
            Heartbeats heartbeats,
            EngineChannels channels,
            Map<String, ClusterBackend> clusters,
            Clock clock,
            Timers timers,
            Duration limit) {
        this.heartbeats = requireNonNull(heartbeats, "heartbeats");
        this.channels = requireNonNull(channels, "channels");
        this.clusters = Map.copyOf(clusters);
        this.clock = requireNonNull(clock, "clock");
        this.timers = requireNonNull(timers, "timers");
        this.limit = requireNonNull(limit, "limit");
        this.since = clock.instant();
    }

    /** Looks for silent engines; call it every few seconds. */
    public CompletableFuture<Void> tick() {
        if (clock.instant().isBefore(since.plus(limit))) {
            return CompletableFuture.completedFuture(null); // while no gateway ran, no engine could report
        }
        return heartbeats.silentFor(limit).thenAccept(this::look);
    }

    private void look(List<RunningEngine> silent) {
        Set<LaunchTag> tags = silent.stream().map(RunningEngine::tag).collect(Collectors.toSet());
        lookedAt.keySet().retainAll(tags);
        Instant now = clock.instant();
        for (RunningEngine engine : silent) {
            Instant looked = lookedAt.putIfAbsent(engine.tag(), now);
            if (looked == null || !looked.plus(KILL_AGAIN_AFTER).isAfter(now)) {
                lookedAt.put(engine.tag(), now);
                CompletableFuture<Void> unused = answers(engine)
                        .thenCompose(answers -> {
                            if (answers) {
                                lookedAt.remove(engine.tag());
                                return CompletableFuture.completedFuture(null);
                            }
                            return kill(engine);
                        })
                        .whenComplete((done, failure) -> {
                            if (failure != null) {
                                log.atWarn()
                                        .addKeyValue("engine", engine.tag())
                                        .log(
                                                "Killing a silent engine failed: {}",
                                                cause(failure).getMessage());
                            }
                        });
            }
        }
    }

    /** Whether it says anything at all in time: it is asked for what it cannot have. */
    private CompletableFuture<Boolean> answers(RunningEngine engine) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Duration longest = limit.compareTo(LONGEST_ANSWER) < 0 ? limit : LONGEST_ANSWER;
        Runnable noTimer = timers.after(longest, () -> answer.complete(false));
        StatementId nothing = StatementId.random(SessionId.random());
        channels.channelTo(engine)
                .thenCompose(channel -> channel.status(nothing, Duration.ZERO))
                .whenComplete((status, failure) -> {
                    noTimer.run();
                    answer.complete(failure == null || !isSilence(cause(failure)));
                });
        return answer;
    }

    private CompletableFuture<Void> kill(RunningEngine engine) {
        ClusterBackend cluster = clusters.get(engine.key().cluster());
        if (cluster == null) {
            return CompletableFuture.completedFuture(null);
        }
        log.atWarn()
                .addKeyValue("engine", engine.tag())
                .addKeyValue("key", engine.key())
                .log("engine has neither reported nor answered for {}, killing it", limit);
        return cluster.kill(engine.tag());
    }

    private static boolean isSilence(Throwable failure) {
        return failure instanceof GatewayException known
                && (known.code() == ErrorCode.ENGINE_LOST || known.code() == ErrorCode.ENGINE_UNREACHABLE);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
