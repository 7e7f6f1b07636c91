package io.torii.it.load;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Future;

/**
 * Opens very many sessions at a gateway's binary port, lets some of them wait for long statements, and prints what that
 * cost the gateway. Not thread-safe.
 */
public final class Sessions {
    /** Files that a process needs besides connections: jars, logs, the store. */
    public static final int OTHER_FILES = 500;

    private static final int AT_ONCE = 500;

    private Sessions() {}

    /** Arguments: the port, the gateway's process id, sessions, how many of them open at once, how many run the statement, SQL. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        long pid = Long.parseLong(arguments[1]);
        int count = number(arguments, 2, 10_000);
        int burst = Math.min(count, number(arguments, 3, 2_000));
        int busy = Math.min(count, number(arguments, 4, 0));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        EventLoopGroup loops = loops();
        try (Crowd crowd = crowd(loops, port, "load")) {
            ProcessUse before = ProcessUse.of(pid);
            print(out, "before", before);
            print(out, burst + " at once", crowd.open(burst, burst));
            print(out, "the others, " + AT_ONCE + " at a time", crowd.open(count - burst, AT_ONCE));
            ProcessUse idle = ProcessUse.of(pid);
            print(out, crowd.size() + " idle", idle);
            out.printf(
                    Locale.ROOT,
                    "a session: %d bytes of heap, %d resident%n",
                    (idle.heapBytes() - before.heapBytes()) / Math.max(1, crowd.size()),
                    (idle.residentBytes() - before.residentBytes()) / Math.max(1, crowd.size()));
            if (busy > 0) {
                Crowd.Running statements = crowd.run(busy, arguments.length > 5 ? arguments[5] : "SELECT 1");
                print(out, busy + " clients ask", ProcessUse.of(pid));
                print(out, "their statements", statements.end());
            }
            print(out, "ending", crowd.end(AT_ONCE));
            print(out, "after", ProcessUse.of(pid));
        } finally {
            Future<?> unused = loops.shutdownGracefully();
        }
    }

    /** Clients of the binary port. */
    public static Crowd crowd(EventLoopGroup loops, int port, String user) {
        return new Crowd(new BinaryConnector(loops, port, user));
    }

    /** Clients of the HTTP port. */
    public static Crowd crowdOverHttp(int port, String user) {
        return new Crowd(new HttpConnector(port, user));
    }

    /** What clients run on. */
    public static EventLoopGroup loops() {
        return new NioEventLoopGroup(2, new DefaultThreadFactory("load", true));
    }

    private static void print(PrintStream out, String what, Crowd.Outcome outcome) {
        out.printf(
                Locale.ROOT,
                "%-32s %d in %.1f s, refused %s%n",
                what,
                outcome.succeeded(),
                outcome.took().toMillis() / 1e3,
                outcome.refused());
    }

    private static void print(PrintStream out, String what, ProcessUse use) {
        out.printf(
                Locale.ROOT,
                "%-32s %d threads, %.1f MB heap, %.1f MB resident%n",
                what,
                use.threads(),
                use.heapBytes() / 1e6,
                use.residentBytes() / 1e6);
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }
}
