package io.torii.api.cluster;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.FakeEngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A cluster in memory, together with the registry at which the engines that it starts call home. Nothing happens in it
 * until the test says so, so that asynchronous code is tested on one thread, in any order, without waiting. Thread-safe.
 */
public final class FakeCluster implements ClusterBackend {
    /** Where engines of a fake cluster listen, or would if there were any. */
    public static final String HOST = "127.0.0.1";

    public static final int PORT = 10_000;

    private enum Answers {
        GIVEN,
        LOST,
        LOST_WITH_THE_REQUEST
    }

    private final FakeEngineRegistry registry = new FakeEngineRegistry();
    private final Function<EngineLaunch, CompletableFuture<Boolean>> home;
    private final Object lock = new Object();
    private final Map<LaunchTag, EngineLaunch> launches = new LinkedHashMap<>();
    private final Map<LaunchTag, Application> applications = new LinkedHashMap<>();
    private final Map<LaunchTag, List<CompletableFuture<Application>>> watches = new HashMap<>();
    private Answers answers = Answers.GIVEN;
    private Optional<String> refusal = Optional.empty();
    private boolean kills = true;
    private boolean watchable = true;
    private int submissions;
    private Function<EngineSpec, CompletableFuture<byte[]>> tokens = engine -> completedFuture(new byte[0]);

    /** A cluster whose engines call home at its own {@link #registry()}. */
    public FakeCluster() {
        this.home = launch -> completedFuture(registry.register(launch.tag(), launch.token(), HOST, PORT));
    }

    /** A cluster whose engines call home there; false means that they are refused, and end. */
    public FakeCluster(Function<EngineLaunch, CompletableFuture<Boolean>> home) {
        this.home = home;
    }

    public FakeEngineRegistry registry() {
        return registry;
    }

    @Override
    public CompletableFuture<Submission> submit(EngineLaunch launch) {
        synchronized (lock) {
            submissions++;
            if (refusal.isPresent()) {
                return failedFuture(new GatewayException(ErrorCode.ENGINE_LAUNCH_FAILED, refusal.get()));
            }
            if (answers != Answers.LOST_WITH_THE_REQUEST) {
                launches.put(launch.tag(), launch);
                applications.put(launch.tag(), Application.running(launch.tag(), "fake-" + submissions));
            }
            return completedFuture(answers == Answers.GIVEN ? Submission.ACCEPTED : Submission.UNKNOWN);
        }
    }

    @Override
    public CompletableFuture<Optional<Application>> find(LaunchTag tag) {
        synchronized (lock) {
            return completedFuture(Optional.ofNullable(applications.get(tag)));
        }
    }

    @Override
    public CompletableFuture<Application> endOf(LaunchTag tag) {
        synchronized (lock) {
            if (!watchable) {
                return failedFuture(new GatewayException(ErrorCode.CLUSTER_UNAVAILABLE, "The cluster does not answer"));
            }
            Application application = applications.get(tag);
            if (application != null && !application.alive()) {
                return completedFuture(application);
            }
            CompletableFuture<Application> end = new CompletableFuture<>();
            watches.computeIfAbsent(tag, absent -> new ArrayList<>()).add(end);
            return end;
        }
    }

    @Override
    public CompletableFuture<List<Application>> live() {
        synchronized (lock) {
            return completedFuture(
                    applications.values().stream().filter(Application::alive).toList());
        }
    }

    @Override
    public CompletableFuture<String> log(LaunchTag tag, int maxLines) {
        synchronized (lock) {
            return completedFuture(Optional.ofNullable(applications.get(tag))
                    .map(Application::diagnostics)
                    .orElse(""));
        }
    }

    @Override
    public CompletableFuture<Void> kill(LaunchTag tag) {
        synchronized (lock) {
            if (!kills) {
                return failedFuture(new GatewayException(ErrorCode.CLUSTER_UNAVAILABLE, "The cluster does not answer"));
            }
        }
        applicationEnds(tag, "Killed");
        return completedFuture(null);
    }

    @Override
    public CompletableFuture<ClusterSnapshot> load() {
        return completedFuture(ClusterSnapshot.of(
                "fake", "", Resources.NONE, Resources.NONE, (int) liveApplications(), Instant.EPOCH));
    }

    @Override
    public CompletableFuture<byte[]> tokens(EngineSpec engine) {
        synchronized (lock) {
            return tokens.apply(engine);
        }
    }

    /** Asks its engines for tokens, which it hands out so. */
    public void handingOut(Function<EngineSpec, CompletableFuture<byte[]>> fresh) {
        synchronized (lock) {
            tokens = fresh;
        }
    }

    /** Every application that runs calls home. */
    public void enginesCallHome() {
        for (EngineLaunch launch : running()) {
            boolean welcome = home.apply(launch).join();
            if (!welcome) {
                applicationEnds(launch.tag(), "Refused by the gateway");
            }
        }
    }

    /** Every application that runs waits for room instead. */
    public void applicationsWait(String reason) {
        synchronized (lock) {
            for (EngineLaunch launch : running()) {
                applications.computeIfPresent(
                        launch.tag(),
                        (tag, one) -> new Application(tag, one.id(), Application.State.WAITING, reason, ""));
            }
        }
    }

    /** Every application that runs ends. */
    public void applicationsEnd(String diagnostics) {
        running().forEach(launch -> applicationEnds(launch.tag(), diagnostics));
    }

    /** This application ends, if it runs. */
    public void applicationEnds(LaunchTag tag, String diagnostics) {
        Application ended;
        List<CompletableFuture<Application>> told;
        synchronized (lock) {
            Application application = applications.get(tag);
            if (application == null || !application.alive()) {
                return;
            }
            ended = Application.ended(tag, application.id(), diagnostics);
            applications.put(tag, ended);
            told = watches.containsKey(tag) ? watches.remove(tag) : List.of();
        }
        told.forEach(watch -> watch.complete(ended));
    }

    /** Submissions arrive, but their answers are lost. */
    public void losingAnswers() {
        synchronized (lock) {
            answers = Answers.LOST;
        }
    }

    /** Submissions are lost, and nobody knows. */
    public void losingSubmissions() {
        synchronized (lock) {
            answers = Answers.LOST_WITH_THE_REQUEST;
        }
    }

    /** Submissions are refused. */
    public void refusing(String reason) {
        synchronized (lock) {
            refusal = Optional.of(reason);
        }
    }

    /** Submissions are accepted again. */
    public void accepting() {
        synchronized (lock) {
            refusal = Optional.empty();
            answers = Answers.GIVEN;
        }
    }

    /** Kills fail. */
    public void failingKills() {
        synchronized (lock) {
            kills = false;
        }
    }

    /** The ends of applications cannot be watched. */
    public void failingWatches() {
        synchronized (lock) {
            watchable = false;
        }
    }

    public int submissions() {
        synchronized (lock) {
            return submissions;
        }
    }

    /** Every launch that arrived, in order. */
    public List<EngineLaunch> launches() {
        synchronized (lock) {
            return List.copyOf(launches.values());
        }
    }

    public long liveApplications() {
        return running().size();
    }

    /** How many ends somebody still waits for. */
    public long watches() {
        synchronized (lock) {
            return watches.values().stream()
                    .flatMap(List::stream)
                    .filter(watch -> !watch.isDone())
                    .count();
        }
    }

    private List<EngineLaunch> running() {
        synchronized (lock) {
            return launches.values().stream()
                    .filter(launch -> applications.get(launch.tag()).alive())
                    .toList();
        }
    }
}
