package io.torii.wire;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An engine that does what the method says, or leaves the answer to the test. */
final class FakeEngine implements WireHandler {
    static final String ECHO = "Echo";
    static final String PAGE = "Page";
    static final String LATER = "Later";
    static final String THROW = "Throw";

    /** Bytes of a PAGE, in a header of the call. */
    static final String SIZE = "size";

    private final BlockingQueue<CompletableFuture<WireReply>> later = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<WireReply> handle(WireCall call) {
        switch (call.method()) {
            case ECHO:
                WireReply echo = WireReply.of(call.body());
                for (Map.Entry<String, String> header : call.headers().entrySet()) {
                    echo = header.getKey().startsWith("torii-") ? echo.with(header.getKey(), header.getValue()) : echo;
                }
                return CompletableFuture.completedFuture(echo);
            case PAGE:
                return CompletableFuture.completedFuture(
                        WireReply.of(page(Integer.parseInt(call.header(SIZE).orElse("0")))));
            case LATER:
                CompletableFuture<WireReply> answer = new CompletableFuture<>();
                later.add(answer);
                return answer;
            case THROW:
                throw new IllegalStateException("no such luck");
            default:
                throw new WireException(WireProtocol.NOT_FOUND, "No method " + call.method());
        }
    }

    /** The answer to the next LATER. */
    CompletableFuture<WireReply> nextLater() throws InterruptedException {
        CompletableFuture<WireReply> answer = later.poll(20, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no call came");
        }
        return answer;
    }

    /** Bytes that differ, so that none can be lost or swapped unnoticed. */
    static byte[] page(int size) {
        byte[] page = new byte[size];
        for (int i = 0; i < size; i++) {
            page[i] = (byte) (i * 31 + (i >>> 8) + (i >>> 16));
        }
        return page;
    }
}
