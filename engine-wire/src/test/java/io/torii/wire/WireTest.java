package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final String SECRET = "the secret of this engine";
    private static final int MIB = 1 << 20;

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final FakeEngine engine = new FakeEngine();
    private final WireOptions options =
            WireOptions.defaults().requestLimit(4 * MIB).closeGrace(Duration.ofMillis(500));
    private final WireConnector connector = new WireConnector(loops, Runnable::run, options);
    private WireServer server;
    private WireConnection connection;

    @BeforeEach
    void connect() throws Exception {
        server = WireServer.start("127.0.0.1", 0, SECRET, engine, options);
        connection = Answers.of(connector.connect("127.0.0.1", server.port(), SECRET));
    }

    @AfterEach
    void close() {
        connection.close();
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void carriesHeadersAndBodiesBothWays() throws Exception {
        byte[] body = FakeEngine.page(1_000);

        WireReply reply = Answers.of(connection.call(WireCall.of(FakeEngine.ECHO, body)
                .with(WireProtocol.SESSION, "s-1")
                .with(WireProtocol.USER, HeaderText.encode("älice + b"))));

        assertThat(reply.body()).isEqualTo(body);
        assertThat(reply.header(WireProtocol.SESSION)).contains("s-1");
        assertThat(HeaderText.decode(reply.header(WireProtocol.USER).orElse("")))
                .isEqualTo("älice + b");
        assertThat(connection.version()).isEqualTo(WireProtocol.VERSION);
    }

    @Test
    void carriesEmptyBodies() throws Exception {
        assertThat(Answers.of(connection.call(WireCall.of(FakeEngine.ECHO, new byte[0])))
                        .body())
                .isEmpty();

        WireStream stream = Answers.of(connection.stream(WireCall.of(FakeEngine.ECHO, new byte[0])));

        assertThat(Answers.of(stream.next())).isEmpty();
        assertThat(Answers.of(stream.next())).isEmpty();
    }

    @Test
    void carriesAHeaderOfTheLargestSize() throws Exception {
        StringBuilder longest = new StringBuilder();
        for (int i = 0; i < WireProtocol.MAX_HEADER_LENGTH; i++) {
            longest.append((char) ('a' + i % 26));
        }
        CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, new byte[0]));

        engine.nextLater().complete(WireReply.of(new byte[1]).with(WireProtocol.JOURNAL, longest.toString()));

        assertThat(Answers.of(answer).header(WireProtocol.JOURNAL)).contains(longest.toString());
    }

    @Test
    void failsAndDoesNotHangWhenAHeaderIsTooLarge() throws Exception {
        char[] large = new char[3 * WireProtocol.MAX_HEADER_LENGTH];
        Arrays.fill(large, 'x');
        CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, new byte[0]));

        engine.nextLater().complete(WireReply.of(new byte[1]).with(WireProtocol.JOURNAL, new String(large)));

        assertThat(Answers.failureOf(answer).status()).isEqualTo(WireException.DISCONNECTED);
        assertStillWorks();
    }

    @Test
    void streamsABodyLargerThanItsWindowUnchanged() throws Exception {
        WireStream stream = Answers.of(connection.stream(page(20 * MIB)));

        assertThat(readAll(stream)).isEqualTo(FakeEngine.page(20 * MIB));
    }

    @Test
    void sendsRequestsLargerThanTheWindow() throws Exception {
        byte[] body = FakeEngine.page(3 * MIB);

        WireStream stream = Answers.of(connection.stream(WireCall.of(FakeEngine.ECHO, body)));

        assertThat(readAll(stream)).isEqualTo(body);
    }

    @Test
    void readersWhoDoNotReadHoldBackNobodyElse() throws Exception {
        List<WireStream> unread = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            unread.add(Answers.of(connection.stream(page(8 * MIB))));
        }

        WireStream read = Answers.of(connection.stream(page(72 * MIB)));
        assertThat(length(read)).isEqualTo(72 * MIB);

        assertStillWorks();
        assertThat(length(unread.get(0))).isEqualTo(8 * MIB);
        unread.forEach(WireStream::cancel);
    }

    @Test
    void tellsFailuresByStatusAndSentence() throws Exception {
        WireException unknown = Answers.failureOf(connection.call(WireCall.of("Nonsense", new byte[3])));
        WireException thrown = Answers.failureOf(connection.call(WireCall.of(FakeEngine.THROW, new byte[3])));
        CompletableFuture<WireStream> later = connection.stream(WireCall.of(FakeEngine.LATER, new byte[0]));
        engine.nextLater()
                .completeExceptionally(new WireException(WireProtocol.NO_SUCH_SESSION, "No session s-1 here"));

        assertThat(unknown.status()).isEqualTo(WireProtocol.NOT_FOUND);
        assertThat(unknown).hasMessage("No method Nonsense");
        assertThat(thrown.status()).isEqualTo(WireProtocol.INTERNAL_ERROR);
        assertThat(thrown).hasMessageContaining("no such luck");
        assertThat(Answers.failureOf(later).status()).isEqualTo(WireProtocol.NO_SUCH_SESSION);
        assertStillWorks();
    }

    @Test
    void refusesRequestsAboveTheLimit() throws Exception {
        WireException refused = Answers.failureOf(connection.call(WireCall.of(FakeEngine.ECHO, new byte[4 * MIB + 1])));

        assertThat(refused.status()).isEqualTo(WireProtocol.TOO_LARGE);
        assertThat(refused).hasMessage("The request is larger than the 4194304 bytes allowed");
        assertStillWorks();
    }

    @Test
    void collectsNoAnswersAboveTheLimit() throws Exception {
        WireException refused = Answers.failureOf(connection.call(page(MIB + 1)));

        assertThat(refused.status()).isEqualTo(WireProtocol.TOO_LARGE);
        assertThat(Answers.of(connection.call(page(MIB))).body()).hasSize(MIB);
    }

    @Test
    void aCancelledCallCancelsTheHandler() throws Exception {
        CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, new byte[10]));
        CompletableFuture<WireReply> handler = engine.nextLater();

        answer.cancel(false);

        assertThatThrownBy(() -> handler.get(20, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertStillWorks();
    }

    @Test
    void aCancelledStreamCancelsTheHandler() throws Exception {
        CompletableFuture<WireStream> head = connection.stream(WireCall.of(FakeEngine.LATER, new byte[10]));
        CompletableFuture<WireReply> handler = engine.nextLater();

        head.cancel(false);

        assertThatThrownBy(() -> handler.get(20, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    }

    @Test
    void aCallIsGivenUpAfterItsTime() throws Exception {
        CompletableFuture<WireReply> answer =
                connection.call(WireCall.of(FakeEngine.LATER, new byte[0]).within(Duration.ofMillis(50)));
        CompletableFuture<WireReply> handler = engine.nextLater();

        assertThat(Answers.failureOf(answer))
                .hasMessage("The engine did not answer Later within 50 ms")
                .extracting(WireException::status)
                .isEqualTo(WireException.TIMED_OUT);
        assertThatThrownBy(() -> handler.get(20, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    }

    @Test
    void aStreamGivenUpHalfWayDisturbsNobody() throws Exception {
        WireStream stream = Answers.of(connection.stream(page(8 * MIB)));
        Answers.of(stream.next()).ifPresent(ByteBuf::release);

        stream.cancel();

        assertThat(Answers.failureOf(stream.next())).hasMessage("The rest of the answer was given up");
        stream.cancel();
        assertStillWorks();
    }

    @Test
    void givingUpManyCallsDoesNotEndTheConnection() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, new byte[0]));
            engine.nextLater();
            answer.cancel(false);
        }

        assertStillWorks();
    }

    @Test
    void streamsHaveHeadersToo() throws Exception {
        CompletableFuture<WireStream> head = connection.stream(WireCall.of(FakeEngine.LATER, new byte[0]));

        engine.nextLater().complete(WireReply.of(new byte[1]).with(WireProtocol.PINNED, "cache"));

        assertThat(Answers.of(head).headers()).containsEntry(WireProtocol.PINNED, "cache");
    }

    @Test
    void aHandlerWithoutAnAnswerIsAFailure() throws Exception {
        CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, new byte[0]));

        engine.nextLater().complete(null);

        assertThat(Answers.failureOf(answer).status()).isEqualTo(WireProtocol.INTERNAL_ERROR);
    }

    @Test
    void callsFailWhenTheEngineGoesAway() throws Exception {
        CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, new byte[0]));
        engine.nextLater();
        WireStream stream = Answers.of(connection.stream(page(8 * MIB)));

        server.close();

        assertThat(Answers.failureOf(answer).status()).isEqualTo(WireException.DISCONNECTED);
        Answers.of(connection.closed());
        assertThat(failureAtTheEnd(stream).status()).isEqualTo(WireException.DISCONNECTED);
        assertThat(Answers.failureOf(connection.call(page(1)))).hasMessageContaining("is lost");
    }

    @Test
    void closingLetsAnswersFinish() throws Exception {
        CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, new byte[0]));
        CompletableFuture<WireReply> handler = engine.nextLater();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
        Answers.of(connection.closed());
        handler.complete(WireReply.of(new byte[] {1}));

        assertThat(Answers.of(answer).body()).containsExactly(1);
        Answers.of(closing);
    }

    @Test
    void aThousandCallsAtOnceAreAnswered() throws Exception {
        List<CompletableFuture<WireReply>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(connection.call(WireCall.of(FakeEngine.LATER, new byte[0])));
        }
        for (int i = 0; i < 1_000; i++) {
            engine.nextLater().complete(WireReply.of(new byte[] {7}));
        }

        for (CompletableFuture<WireReply> answer : answers) {
            assertThat(Answers.of(answer).body()).containsExactly(7);
        }
    }

    @Test
    void saysInOneSentenceThatAPortIsTaken() {
        assertThatThrownBy(() -> WireServer.start("127.0.0.1", server.port(), SECRET, engine, options))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot listen on 127.0.0.1:" + server.port());
    }

    @Test
    void saysInOneSentenceThatNobodyIsThere() throws Exception {
        int port = server.port();
        server.close();

        WireException failure = Answers.failureOf(connector.connect("127.0.0.1", port, SECRET));

        assertThat(failure.status()).isEqualTo(WireException.DISCONNECTED);
        assertThat(failure).hasMessageStartingWith("Cannot reach the engine at 127.0.0.1:" + port);
    }

    @Test
    void looksUpNames() throws Exception {
        WireConnection byName = Answers.of(connector.connect("localhost", server.port(), SECRET));
        assertThat(byName.version()).isEqualTo(1);
        byName.close();

        assertThat(Answers.failureOf(connector.connect("no-such-host.invalid", 1, SECRET)))
                .hasMessage("Cannot reach the engine: its host no-such-host.invalid is unknown");
    }

    private void assertStillWorks() throws Exception {
        assertThat(Answers.of(connection.call(page(100))).body()).isEqualTo(FakeEngine.page(100));
    }

    private static WireCall page(int size) {
        return WireCall.of(FakeEngine.PAGE, new byte[0]).with(FakeEngine.SIZE, Integer.toString(size));
    }

    private static byte[] readAll(WireStream stream) throws Exception {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Optional<ByteBuf> part = Answers.of(stream.next());
        while (part.isPresent()) {
            ByteBuf bytes = part.get();
            bytes.readBytes(whole, bytes.readableBytes());
            bytes.release();
            part = Answers.of(stream.next());
        }
        return whole.toByteArray();
    }

    private static long length(WireStream stream) throws Exception {
        long length = 0;
        Optional<ByteBuf> part = Answers.of(stream.next());
        while (part.isPresent()) {
            length += part.get().readableBytes();
            part.get().release();
            part = Answers.of(stream.next());
        }
        return length;
    }

    private static WireException failureAtTheEnd(WireStream stream) throws Exception {
        for (int part = 0; part < 10_000; part++) {
            CompletableFuture<Optional<ByteBuf>> next = stream.next();
            try {
                Optional<ByteBuf> bytes = next.get(20, TimeUnit.SECONDS);
                if (!bytes.isPresent()) {
                    throw new AssertionError("the body ended well");
                }
                bytes.get().release();
            } catch (ExecutionException e) {
                return Answers.failureOf(next);
            }
        }
        throw new AssertionError("no end");
    }
}
