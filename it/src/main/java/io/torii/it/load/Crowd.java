package io.torii.it.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.hive.service.rpc.thrift.TOperationHandle;

/** Clients with a session each, in any number, that cost no threads. One thread at a time. */
public final class Crowd implements AutoCloseable {
    private final Calls.Connector connector;
    private final List<Client> clients = new ArrayList<>();
    private int connected;

    Crowd(Calls.Connector connector) {
        this.connector = connector;
    }

    /**
     * What became of calls that were made together.
     *
     * @param refused how many failed, by what they were told
     */
    public record Outcome(int succeeded, Map<String, Integer> refused, Duration took) {}

    /** How many have a session. */
    public int size() {
        return clients.size();
    }

    /**
     * Opens further sessions, each on a connection of its own.
     *
     * @param atOnce how many are under way at a time
     */
    public Outcome open(int count, int atOnce) throws InterruptedException {
        ConcurrentLinkedQueue<Client> opened = new ConcurrentLinkedQueue<>();
        int first = connected;
        connected += count;
        Outcome outcome = all(IntStream.range(first, first + count).boxed().toList(), atOnce, number -> connector
                .connect(number)
                .thenCompose(calls -> Client.open(calls).whenComplete((client, failure) -> {
                    if (failure != null) {
                        calls.close();
                    }
                }))
                .thenAccept(opened::add));
        clients.addAll(opened);
        return outcome;
    }

    /** Calls that are under way. */
    public interface Running {
        Outcome end() throws InterruptedException;
    }

    /** Has the first sessions run a statement and ask for its state, one answer after the other, until it has ended. */
    public Running run(int count, String sql) throws InterruptedException {
        return begin(clients.subList(0, count), count, client -> client.submit(sql)
                .thenCompose(statement -> ended(client, statement)));
    }

    /** Ends every session and its connection. */
    public Outcome end(int atOnce) throws InterruptedException {
        Outcome outcome = all(
                List.copyOf(clients), atOnce, client -> client.end().whenComplete((done, failure) -> client.close()));
        clients.clear();
        return outcome;
    }

    /** Ends connections; sessions that were not ended are the gateway's to clear away. */
    @Override
    public void close() {
        clients.forEach(Client::close);
        clients.clear();
    }

    private static CompletableFuture<Void> ended(Client client, TOperationHandle statement) {
        return client.isUnderWay(statement)
                .thenCompose(underWay ->
                        underWay ? ended(client, statement) : CompletableFuture.<Void>completedFuture(null));
    }

    private static <T> Outcome all(List<T> items, int atOnce, Function<T, CompletableFuture<Void>> call)
            throws InterruptedException {
        return begin(items, atOnce, call).end();
    }

    private static <T> Running begin(List<T> items, int atOnce, Function<T, CompletableFuture<Void>> call)
            throws InterruptedException {
        Map<String, Integer> refused = new TreeMap<>();
        AtomicInteger succeeded = new AtomicInteger();
        Semaphore room = new Semaphore(atOnce);
        long start = System.nanoTime();
        for (T item : items) {
            room.acquire();
            CompletableFuture<Void> unused = call.apply(item).whenComplete((done, failure) -> {
                if (failure == null) {
                    succeeded.incrementAndGet();
                } else {
                    synchronized (refused) {
                        refused.merge(reason(failure), 1, Integer::sum);
                    }
                }
                room.release();
            });
        }
        return () -> {
            room.acquire(atOnce);
            return new Outcome(succeeded.get(), refused, Duration.ofNanos(System.nanoTime() - start));
        };
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
