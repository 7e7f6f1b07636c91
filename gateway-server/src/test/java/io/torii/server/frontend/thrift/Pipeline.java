package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Logins;
import io.torii.server.frontend.thrift.fuzz.HostileStream;
import io.torii.server.frontend.thrift.fuzz.ValidRequests;
import io.torii.server.session.Session;
import io.torii.server.session.StatementRequest;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The handlers of the port without a socket, before fakes: takes what a hostile client sends and checks that it costs
 * nobody anything. Two clients share the port, the hostile one and a neighbour.
 */
final class Pipeline {
    private static final int MESSAGE = 128 * 1024;
    private static final int HELD = 100 * 1024;
    private static final int MOST_BUFFERED = 4 * MESSAGE;
    private static final int INPUTS_OF_A_GATEWAY = 200;
    private static final ThriftLimits LIMITS = new ThriftLimits(
            MESSAGE,
            HELD,
            1_000,
            16,
            0,
            0,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMillis(100));

    private final Authenticator authenticator;
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private ConnectionSetup setup;
    private EmbeddedChannel neighbour;
    private byte[] neighboursAnswer;
    private int served;

    Pipeline(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    void check(HostileStream input) {
        if (served++ % INPUTS_OF_A_GATEWAY == 0) {
            renew();
        }
        EmbeddedChannel channel = channel();
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        for (byte[] read : input.reads()) {
            if (!channel.isOpen()) {
                break;
            }
            channel.writeInbound(allocator.buffer(read.length).writeBytes(read));
            assertThat(used()).as("bytes that are buffered").isLessThan(MOST_BUFFERED);
            drain(channel, answers);
        }
        assertThat(channel.<Object>readInbound()).as("what no handler took").isNull();
        Transcript.of(answers.toByteArray(), input).check(channel.isOpen());
        channel.finishAndReleaseAll();
        channel.checkException();

        assertThat(used()).as("bytes that are not released").isZero();
        assertBudgetIsWhole();
        assertThat(ask(neighbour)).as("the neighbour's answer").isEqualTo(neighboursAnswer);
    }

    private void renew() {
        FakeSessions sessions = new FakeSessions();
        FakeStatements statements = new FakeStatements();
        SessionId session = new SessionId(ValidRequests.SESSION);
        sessions.open.put(
                session, new Session(session, "alice", "unknown", 10, Map.of(), "", "thrift-binary", Instant.EPOCH));
        statements.submitted.put(
                new StatementId(session, ValidRequests.STATEMENT),
                new StatementRequest("SELECT 1", Map.of(), Optional.empty()));
        setup = new ConnectionSetup(
                LIMITS,
                new MessageBudget(HELD),
                Optional.empty(),
                new Logins(authenticator, Clock.systemUTC()),
                sessions,
                new HiveCalls(LIMITS, "3.5.5", 1_000, sessions, statements));
        neighbour = channel();
        neighbour.writeInbound(io.netty.buffer.Unpooled.wrappedBuffer(Messages.login("alice", "secret")));
        drain(neighbour, new ByteArrayOutputStream());
        neighboursAnswer = ask(neighbour);
        assertThat(neighboursAnswer).isNotEmpty();
    }

    private EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        ProtocolDetector.install(channel, setup);
        return channel;
    }

    private byte[] ask(EmbeddedChannel client) {
        byte[] request =
                ValidRequests.call("Unheard", new org.apache.hive.service.rpc.thrift.TCLIService.GetInfo_args());
        client.writeInbound(io.netty.buffer.Unpooled.wrappedBuffer(Messages.frame(request)));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        drain(client, answer);
        return answer.toByteArray();
    }

    private static void drain(EmbeddedChannel channel, ByteArrayOutputStream into) {
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes).release();
            into.writeBytes(bytes);
        }
    }

    private long used() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    private void assertBudgetIsWhole() {
        MessageBudget.Share all = setup.budget().share();
        assertThat(all.take(MessageBudget.FREE + HELD))
                .as("nothing is held for those who are gone")
                .isTrue();
        all.giveAllBack();
    }
}
