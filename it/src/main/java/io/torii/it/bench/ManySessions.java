package io.torii.it.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A company's Monday morning: everyone connects at once, and stays. */
final class ManySessions implements Probe {
    private static final int SESSIONS = 500;
    private static final int ASKING = 32;
    private static final long LIMIT_SECONDS = 300;
    private static final Metric REFUSED = new Metric("500 sessions at once: refused", Metric.Unit.COUNT, "0");
    private static final Metric OPENED = new Metric("until the last of them is open", Metric.Unit.SECONDS, "");
    private static final Metric ASKED = new Metric("then `select 1` in each, 32 at a time", Metric.Unit.SECONDS, "");
    private static final Metric UNANSWERED = new Metric("of these not answered", Metric.Unit.COUNT, "0");
    private static final Metric THREADS = new Metric("threads then, server and engine", Metric.Unit.COUNT, "");
    private static final Metric MEMORY = new Metric("resident memory then, server and engine", Metric.Unit.MIB, "");
    private static final Metric OWN_THREADS =
            new Metric("threads then, server without engine", Metric.Unit.COUNT, "bounded by cores");
    private static final Metric OWN_MEMORY =
            new Metric("resident memory then, server without engine", Metric.Unit.MIB, "");

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(REFUSED, OPENED, ASKED, UNANSWERED, THREADS, MEMORY, OWN_THREADS, OWN_MEMORY);
    }

    @Override
    public int rounds(int asked) {
        return Math.min(2, asked);
    }

    @Override
    public Duration warmUp() {
        return Duration.ZERO;
    }

    @Override
    public void round(Opponent opponent, int turn, Recorder recorder) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SESSIONS, ManySessions::daemon);
        try {
            CountDownLatch go = new CountDownLatch(1);
            List<Future<JdbcClient>> opening = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                opening.add(threads.submit(() -> {
                    JdbcClient client = opponent.client(Opponent.USER);
                    go.await();
                    client.open();
                    return client;
                }));
            }
            long start = System.nanoTime();
            go.countDown();
            List<JdbcClient> open = opened(opening, start + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
            recorder.record(OPENED, (System.nanoTime() - start) / 1e9);
            recorder.record(REFUSED, SESSIONS - open.size());
            long asked = System.nanoTime();
            long unanswered = each(open, client -> client.query(SELECT_1, 1));
            recorder.record(ASKED, (System.nanoTime() - asked) / 1e9);
            recorder.record(UNANSWERED, unanswered);
            usage(opponent, recorder);
            each(open, JdbcClient::closeSession);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Those that opened in time. */
    private static List<JdbcClient> opened(List<Future<JdbcClient>> opening, long limit) throws InterruptedException {
        List<JdbcClient> open = new ArrayList<>();
        for (Future<JdbcClient> one : opening) {
            try {
                open.add(one.get(Math.max(0, limit - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (ExecutionException | TimeoutException refused) {
                one.cancel(true);
            }
        }
        return open;
    }

    private interface Step {
        void of(JdbcClient client) throws Exception;
    }

    /** Returns how many failed. */
    private static long each(List<JdbcClient> clients, Step step) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(ASKING, ManySessions::daemon);
        try {
            List<Callable<Void>> steps = new ArrayList<>();
            for (JdbcClient client : clients) {
                steps.add(() -> {
                    step.of(client);
                    return null;
                });
            }
            long failures = 0;
            for (Future<Void> done : threads.invokeAll(steps, LIMIT_SECONDS, TimeUnit.SECONDS)) {
                failures += hasFailed(done) ? 1 : 0;
            }
            return failures;
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean hasFailed(Future<Void> done) throws InterruptedException {
        try {
            done.get();
            return false;
        } catch (ExecutionException | CancellationException e) {
            return true;
        }
    }

    private static void usage(Opponent opponent, Recorder recorder) {
        List<ProcessHandle> processes = opponent.processes();
        recorder.record(THREADS, processes.stream().mapToLong(Usage::threads).sum());
        recorder.record(
                MEMORY, processes.stream().mapToDouble(Usage::residentMib).sum());
        if (processes.size() > 1) {
            recorder.record(OWN_THREADS, Usage.threads(processes.get(0)));
            recorder.record(OWN_MEMORY, Usage.residentMib(processes.get(0)));
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "session");
        thread.setDaemon(true);
        return thread;
    }
}
