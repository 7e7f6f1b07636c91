package io.torii.server.main;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Every thread of the gateway, named and bounded. Thread-safe. */
final class GatewayThreads implements AutoCloseable {
    private static final int STORE_QUEUE = 50_000;
    private static final int HOST_THREADS = 8;
    private static final int QUEUE = 1_000;

    /** Of connections: to clients, from engines and to engines. */
    final EventLoopGroup loops;

    /** Accepts connections. */
    final EventLoopGroup acceptor;

    /** Short work that is due later. */
    final ScheduledExecutorService timers;

    /** Waits for the database; as many as it has connections. */
    final ExecutorService store;

    /** Waits for files, processes and name servers of this host. */
    final ExecutorService host;

    /** Hashes passwords and asks directories. */
    final ExecutorService logins;

    GatewayThreads(int storeConnections) {
        int cores = Runtime.getRuntime().availableProcessors();
        loops = new NioEventLoopGroup(Math.max(2, cores), new DefaultThreadFactory("io"));
        acceptor = new NioEventLoopGroup(1, new DefaultThreadFactory("accept"));
        ScheduledThreadPoolExecutor scheduled = new ScheduledThreadPoolExecutor(2, named("timer"));
        scheduled.setRemoveOnCancelPolicy(true);
        timers = scheduled;
        store = pool("store", storeConnections, STORE_QUEUE);
        host = pool("host", HOST_THREADS, QUEUE);
        logins = pool("login", Math.max(2, cores), QUEUE);
    }

    /** Ends them all; what still runs is given five seconds. */
    @Override
    public void close() {
        timers.shutdownNow();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        acceptor.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        logins.shutdownNow();
        host.shutdown();
        store.shutdown();
        try {
            if (!store.awaitTermination(5, TimeUnit.SECONDS)) {
                store.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            store.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService pool(String name, int threads, int queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 60, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
