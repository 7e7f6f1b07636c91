package io.torii.spark.session;

import java.util.concurrent.CountDownLatch;

/** Where statements of tests wait, called from SQL. */
public final class Gate {
    /** Ten rows at once, in a partition of their own, and the rest never. */
    static final String FIRST_PAGE_AND_NO_MORE = "SELECT id, if(id < 10, 'now', reflect('io.torii.spark.session.Gate',"
            + " 'waitForEver', id)) AS then FROM range(0, 20, 1, 2)";

    /** 2,500 rows at once, in a partition of their own, and the rest never. */
    static final String MANY_ROWS_AND_NO_MORE =
            FIRST_PAGE_AND_NO_MORE.replace("id < 10", "id < 2500").replace("20", "5000");

    /** Waits in the thread that plans it. */
    static final String WAIT_WHILE_PLANNING =
            "SELECT reflect('io.torii.spark.session.Gate', 'waitForOpening', a) AS b FROM VALUES (1) AS t(a)";

    /** Waits as if nobody could interrupt it, in the thread that plans it, before a job without an end starts. */
    static final String WAIT_STUBBORNLY_BEFORE_AN_ENDLESS_JOB =
            "SELECT sum(id % 7) FROM range(0, 1000000000000000, 1, 2),"
                    + " (SELECT reflect('io.torii.spark.session.Gate', 'waitStubbornly', a) AS b FROM VALUES (1) AS t(a))";

    private static volatile CountDownLatch gate = new CountDownLatch(0);
    private static volatile CountDownLatch visitor = new CountDownLatch(1);

    private Gate() {}

    static void close() {
        gate = new CountDownLatch(1);
        visitor = new CountDownLatch(1);
    }

    static void open() {
        gate.countDown();
    }

    /** Waits until somebody waits. */
    static void awaitVisitor() throws InterruptedException {
        visitor.await();
    }

    public static String waitForOpening(int value) throws InterruptedException {
        visitor.countDown();
        gate.await();
        return "open";
    }

    public static String waitForEver(long value) throws InterruptedException {
        new CountDownLatch(1).await();
        return "never";
    }

    public static String waitStubbornly(int value) {
        waitStubbornly();
        return "open";
    }

    /** As if nobody could interrupt it. */
    static void waitStubbornly() {
        visitor.countDown();
        boolean interrupted = false;
        while (gate.getCount() > 0) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
