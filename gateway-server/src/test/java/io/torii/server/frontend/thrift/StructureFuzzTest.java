package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.torii.server.frontend.thrift.fuzz.Counted;
import io.torii.server.frontend.thrift.fuzz.HostileInputs;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryInputTransport;

/** What this package finds out about bytes is what Thrift's own library finds out, within the limits. */
class StructureFuzzTest {
    private static final ThriftLimits LIMITS = TestGateway.LIMITS;
    private static final Counted INPUTS = new Counted("what reads Thrift's structures");
    private static final int UNREADABLE = -1;

    /** What Thrift says of an empty collection of a type that there is not, whose end is no secret. */
    private static final int OF_UNKNOWN_TYPE = -2;

    @AfterContainer
    static void count() {
        INPUTS.print();
    }

    @Property(tries = 15_000, edgeCases = EdgeCasesMode.NONE)
    void messagesEndWhereThriftSaysThatTheyDo(@ForAll("messages") byte[] message, @ForAll("cuts") List<Integer> cuts) {
        compareMessage(message, cuts);
    }

    @Tag("long")
    @Property(tries = 400_000, edgeCases = EdgeCasesMode.NONE)
    void messagesEndWhereThriftSaysThatTheyDoInTheLongRun(
            @ForAll("messages") byte[] message, @ForAll("cuts") List<Integer> cuts) {
        compareMessage(message, cuts);
    }

    @Property(tries = 8_000, edgeCases = EdgeCasesMode.NONE)
    void answersEndWhereThriftSaysThatTheyDo(@ForAll("messages") byte[] message, @ForAll("cuts") List<Integer> cuts) {
        compareAnswer(structure(message), cuts);
    }

    @Tag("long")
    @Property(tries = 200_000, edgeCases = EdgeCasesMode.NONE)
    void answersEndWhereThriftSaysThatTheyDoInTheLongRun(
            @ForAll("messages") byte[] message, @ForAll("cuts") List<Integer> cuts) {
        compareAnswer(structure(message), cuts);
    }

    /** Whatever has an end for us has the same end for Thrift, and the reverse, but for what our limits refuse. */
    private static void compareMessage(byte[] message, List<Integer> cuts) {
        INPUTS.next();
        int ours;
        String refusal = "";
        MessageScanner scanner = new MessageScanner(LIMITS);
        scanner.reset();
        try {
            ours = end(scanner, message, cuts);
        } catch (MalformedMessageException e) {
            ours = UNREADABLE;
            refusal = e.getMessage();
        }
        int thrifts = endForThrift(message, true);
        if (thrifts >= 0 && ours == UNREADABLE) {
            assertThat(refusal)
                    .as(HexFormat.of().formatHex(message))
                    .containsAnyOf(
                            "Structures are nested deeper than 16",
                            "entries, allowed are 0 to 1000",
                            "A method's name has");
        } else if (thrifts != OF_UNKNOWN_TYPE) {
            assertThat(ours).as(HexFormat.of().formatHex(message)).isEqualTo(thrifts);
        }
    }

    private static int end(MessageScanner scanner, byte[] message, List<Integer> cuts)
            throws MalformedMessageException {
        int length = 0;
        for (int cut : cuts) {
            length = Math.min(message.length, length + cut);
            if (scanner.scan(Unpooled.wrappedBuffer(message, 0, length))) {
                return scanner.length();
            }
        }
        return scanner.scan(Unpooled.wrappedBuffer(message)) ? scanner.length() : UNREADABLE;
    }

    private static void compareAnswer(byte[] answer, List<Integer> cuts) {
        INPUTS.next();
        BodyCheck check = new BodyCheck();
        String refusal = "";
        try {
            int at = 0;
            for (int cut : cuts) {
                int length = Math.min(cut, answer.length - at);
                check.next(Unpooled.wrappedBuffer(answer, at, length));
                at += length;
            }
            check.next(Unpooled.wrappedBuffer(answer, at, answer.length - at));
            check.end();
        } catch (MalformedMessageException e) {
            refusal = e.getMessage();
        }
        int thrifts = endForThrift(answer, false);
        boolean whole = thrifts == answer.length;
        if (whole && !refusal.isEmpty()) {
            assertThat(refusal).as(HexFormat.of().formatHex(answer)).contains("Structures are nested deeper than");
        } else if (thrifts != OF_UNKNOWN_TYPE) {
            assertThat(refusal.isEmpty()).as(HexFormat.of().formatHex(answer)).isEqualTo(whole);
        }
    }

    private static int endForThrift(byte[] bytes, boolean withHead) {
        try {
            TMemoryInputTransport in = new TMemoryInputTransport(bytes);
            TBinaryProtocol protocol = new TBinaryProtocol(in, true, true);
            if (withHead) {
                protocol.readMessageBegin();
            }
            TProtocolUtil.skip(protocol, TType.STRUCT);
            return in.getBufferPosition();
        } catch (TException e) {
            return String.valueOf(e.getMessage()).contains("unrecognized type code") ? OF_UNKNOWN_TYPE : UNREADABLE;
        } catch (RuntimeException e) {
            return UNREADABLE; // Thrift's answer to a negative length
        }
    }

    /** The user, the password and the settings that Hive's own class would have read, or a failure. */
    @Property(tries = 8_000, edgeCases = EdgeCasesMode.NONE)
    void anOpenSessionIsReadAsHiveReadsIt(@ForAll("messages") byte[] message) {
        INPUTS.next();
        byte[] structure = structure(message);
        if (!isWhole(structure)) {
            return; // is not read at all
        }
        TOpenSessionReq hives = new TOpenSessionReq();
        try {
            hives.read(protocol(Unpooled.wrappedBuffer(structure)));
        } catch (TException | RuntimeException e) {
            hives = null;
        }
        OpenRequest ours;
        try {
            ours = OpenRequest.read(protocol(Unpooled.wrappedBuffer(structure)));
        } catch (TException e) {
            assertThat(hives)
                    .as("read by Hive: %s", HexFormat.of().formatHex(structure))
                    .isNull();
            return;
        }
        if (hives != null) {
            assertThat(ours.user()).isEqualTo(hives.isSetUsername() ? hives.getUsername() : "");
            assertThat(ours.password()).isEqualTo(hives.isSetPassword() ? hives.getPassword() : "");
            assertThat(ours.protocol()) // 0 where the client does not say, which Hive's class takes for its default
                    .isIn(0, hives.getClient_protocol().getValue());
        }
    }

    private static boolean isWhole(byte[] structure) {
        StructScanner scanner = new StructScanner(LIMITS.messageBytes(), LIMITS.entries(), LIMITS.depth());
        try {
            scanner.begin(0);
            return scanner.scan(Unpooled.wrappedBuffer(structure), 0);
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    private static TBinaryProtocol protocol(ByteBuf bytes) {
        return new TBinaryProtocol(new ByteBufTransport(bytes), LIMITS.messageBytes(), LIMITS.entries());
    }

    /** Without the head of the message and the field that the request is. */
    private static byte[] structure(byte[] message) {
        if (message.length < 8) {
            return message;
        }
        int start = 12 + message[7] + 3;
        return start > 0 && start < message.length ? Arrays.copyOfRange(message, start, message.length) : message;
    }

    @Provide
    Arbitrary<byte[]> messages() {
        return HostileInputs.messages();
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(0, 60).list().ofMaxSize(10);
    }
}
