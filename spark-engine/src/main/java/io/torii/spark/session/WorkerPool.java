package io.torii.spark.session;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Named daemon threads for work that blocks: an idle one is used first, then a new one up to a bound, then work queues. */
public final class WorkerPool {
    private static final long IDLE_SECONDS = 60;

    private WorkerPool() {}

    public static ThreadPoolExecutor named(String name, int most) {
        return new ThreadPoolExecutor(
                0, most, IDLE_SECONDS, TimeUnit.SECONDS, new IdleFirstQueue(), threads(name), (work, pool) -> {
                    if (pool.isShutdown()) {
                        throw new RejectedExecutionException("The engine is ending");
                    }
                    pool.getQueue().add(work);
                });
    }

    /** Daemon threads with this name and a number. */
    public static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Refuses what no idle thread takes at once: the executor then makes a thread, or hands the work to its handler. */
    private static final class IdleFirstQueue extends LinkedTransferQueue<Runnable> {
        @Override
        public boolean offer(Runnable work) {
            return tryTransfer(work);
        }

        @Override
        public boolean add(Runnable work) {
            return super.offer(work);
        }
    }
}
