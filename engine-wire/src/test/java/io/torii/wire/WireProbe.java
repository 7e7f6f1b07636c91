package io.torii.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Measures the wire alone, over loopback in one process: the latency of small calls and the throughput of pages. */
public final class WireProbe {
    private static final int CALLS = 30_000;
    private static final int PAGE = 4 << 20;
    private static final int PAGES = 500;

    private WireProbe() {}

    public static void main(String[] arguments) throws Exception {
        NioEventLoopGroup loops = new NioEventLoopGroup(1);
        byte[] page = FakeEngine.page(PAGE);
        WireHandler engine = call -> CompletableFuture.completedFuture(
                WireReply.of(call.method().equals(FakeEngine.PAGE) ? page : call.body()));
        WireOptions options = WireOptions.defaults();
        if (arguments.length > 0) {
            options = options.frameSize(Integer.parseInt(arguments[0]) << 10);
        }
        try (WireServer server = WireServer.start("127.0.0.1", 0, "secret", engine, options);
                WireConnection connection = Answers.of(new WireConnector(loops, Runnable::run, options)
                        .connect("127.0.0.1", server.port(), "secret"))) {
            for (int round = 0; round < 3; round++) {
                latency(connection);
                throughput(connection);
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static void latency(WireConnection connection) throws Exception {
        WireCall call = WireCall.of(FakeEngine.ECHO, new byte[200])
                .with(WireProtocol.SESSION, "01234567-89ab-cdef-0123-456789abcdef")
                .with(WireProtocol.STATEMENT, "01234567-89ab-cdef-0123-456789abcdef");
        long[] times = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long start = System.nanoTime();
            Answers.of(connection.call(call));
            times[i] = System.nanoTime() - start;
        }
        Arrays.sort(times);
        System.out.printf(
                "call of 200 bytes: p50 %d us, p99 %d us%n", times[CALLS / 2] / 1000, times[CALLS * 99 / 100] / 1000);
    }

    private static void throughput(WireConnection connection) throws Exception {
        long start = System.nanoTime();
        long bytes = 0;
        for (int i = 0; i < PAGES; i++) {
            WireStream stream = Answers.of(connection.stream(WireCall.of(FakeEngine.PAGE, new byte[0])));
            Optional<ByteBuf> part = Answers.of(stream.next());
            while (part.isPresent()) {
                bytes += part.get().readableBytes();
                part.get().release();
                part = Answers.of(stream.next());
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("pages of 4 MiB: %.0f MiB/s%n", bytes / seconds / (1 << 20));
    }
}
