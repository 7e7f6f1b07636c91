package io.torii.it.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** 32 sessions that ask without a pause. */
final class ManyAtOnce implements Probe {
    private static final int SESSIONS = 32;
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(2500);
    private static final Metric RATE = new Metric("`select 1`, 32 sessions", Metric.Unit.PER_SECOND, "3 x");

    @Override
    public String name() {
        return "many";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(RATE);
    }

    @Override
    public void round(Opponent opponent, int turn, Recorder recorder) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
        CountDownLatch open = new CountDownLatch(SESSIONS);
        AtomicLong answers = new AtomicLong();
        try {
            List<Callable<Long>> askers = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                askers.add(() -> ask(opponent.client(Opponent.USER), open, answers));
            }
            long slowest = 0;
            for (var asker : threads.invokeAll(askers, 2, TimeUnit.MINUTES)) {
                slowest = Math.max(slowest, asker.get());
            }
            recorder.record(RATE, answers.get() / (slowest / 1e9));
        } finally {
            threads.shutdownNow();
        }
    }

    /** Asks until the time is up; returns how long that was. */
    private static long ask(JdbcClient client, CountDownLatch open, AtomicLong answers) throws Exception {
        client.open();
        client.query(SELECT_1, FETCH_SIZE);
        open.countDown();
        open.await();
        long start = System.nanoTime();
        while (System.nanoTime() - start < NANOS) {
            client.query(SELECT_1, FETCH_SIZE);
            answers.incrementAndGet();
        }
        long took = System.nanoTime() - start;
        client.closeSession();
        return took;
    }
}
