package io.torii.spark.result;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs the work of one result on a shared pool, one piece after the other, in order. Thread-safe; execute never waits. */
final class SerialExecutor implements Executor {
    private final Executor pool;
    private final Queue<Runnable> work = new ArrayDeque<>();
    private boolean running;

    SerialExecutor(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable piece) {
        synchronized (work) {
            work.add(piece);
            if (running) {
                return;
            }
            running = true;
        }
        pool.execute(this::runAll);
    }

    private void runAll() {
        Runnable piece = next();
        while (piece != null) {
            piece.run();
            piece = next();
        }
    }

    private Runnable next() {
        synchronized (work) {
            Runnable piece = work.poll();
            running = piece != null;
            return piece;
        }
    }
}
