package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.thrift.protocol.TType;
import org.junit.jupiter.api.Test;

class MessageScannerTest {
    private static final ThriftLimits LIMITS = TestGateway.LIMITS;
    private static final TSessionHandle SESSION =
            Handles.of(new io.torii.api.session.SessionId(new java.util.UUID(1, 2)));

    private final MessageScanner scanner = new MessageScanner(LIMITS);

    private static byte[] openSession() throws Exception {
        TOpenSessionReq request = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6);
        request.setUsername("alice");
        request.setConfiguration(Map.of("a", "b", "c", "", "", "ü"));
        return Messages.call("OpenSession", 7, new TCLIService.OpenSession_args(request));
    }

    private static byte[] getTables() throws Exception {
        TGetTablesReq request = new TGetTablesReq(SESSION);
        request.setTableTypes(List.of("TABLE", "VIEW"));
        return Messages.call("GetTables", 8, new TCLIService.GetTables_args(request));
    }

    /** More types than any request has: structures in lists, booleans, 64-bit numbers. */
    private static byte[] page() throws Exception {
        TFetchResultsResp page = FakeStatements.page(List.of("x", "yy"));
        page.getResults().setRows(List.of(new org.apache.hive.service.rpc.thrift.TRow(List.of())));
        TCLIService.FetchResults_result result = new TCLIService.FetchResults_result();
        result.setSuccess(page);
        return Messages.call("FetchResults", 9, result);
    }

    @Test
    void findsTheEndOfAMessageHoweverItArrives() throws Exception {
        for (byte[] message : List.of(openSession(), getTables(), page())) {
            byte[] stream = Messages.join(message, new byte[] {(byte) 0x80, 1});
            for (int cut = 0; cut < message.length; cut++) {
                scanner.reset();
                assertThat(scanner.scan(Unpooled.wrappedBuffer(stream, 0, cut)))
                        .as("cut at %s", cut)
                        .isFalse();
                assertThat(scanner.scan(Unpooled.wrappedBuffer(stream))).isTrue();
                assertThat(scanner.length()).isEqualTo(message.length);
            }
            scanner.reset();
            for (int length = 0; length < message.length; length++) {
                assertThat(scanner.scan(Unpooled.wrappedBuffer(stream, 0, length)))
                        .isFalse();
            }
            assertThat(scanner.scan(Unpooled.wrappedBuffer(message))).isTrue();
        }
    }

    @Test
    void findsTheSameInMutatedMessagesHoweverTheyArrive() throws Exception {
        Random random = new Random(20_240_607);
        List<byte[]> messages = List.of(openSession(), getTables(), page());
        for (int round = 0; round < 3_000; round++) {
            byte[] mutant = messages.get(round % messages.size()).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }

            String whole = outcome(Unpooled.wrappedBuffer(mutant), mutant.length);
            String portions = outcome(Unpooled.wrappedBuffer(mutant), 1 + random.nextInt(7));

            assertThat(portions).as("round %s", round).isEqualTo(whole);
        }
    }

    private static String outcome(ByteBuf bytes, int portion) {
        MessageScanner scanner = new MessageScanner(LIMITS);
        try {
            for (int length = Math.min(portion, bytes.readableBytes());
                    ;
                    length = Math.min(length + portion, bytes.readableBytes())) {
                if (scanner.scan(bytes.slice(0, length))) {
                    return "ends at " + scanner.length();
                }
                if (length == bytes.readableBytes()) {
                    return "goes on";
                }
            }
        } catch (MalformedMessageException e) {
            return e.getMessage();
        }
    }

    private void scan(byte[] arguments) throws Exception {
        scanner.reset();
        scanner.scan(Unpooled.wrappedBuffer(Messages.join(Messages.head("X", (byte) 1, 3), arguments)));
    }

    private static byte[] field(byte type, byte... value) {
        return Messages.join(new byte[] {type, 0, 1}, value);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    @Test
    void refusesALengthAsSoonAsItIsAnnounced() {
        assertThatThrownBy(() -> scan(field(TType.STRING, number(-1)))).hasMessage("A string announces -1 bytes");
        assertThatThrownBy(() -> scan(field(TType.STRING, number(Integer.MAX_VALUE))))
                .hasMessage("A message is larger than 1048576 bytes");
        assertThatThrownBy(() -> scan(field(TType.STRING, number(1024 * 1024))))
                .hasMessage("A message is larger than 1048576 bytes");
        assertThatThrownBy(() -> scan(Messages.join(field(TType.LIST, TType.STRING), number(Integer.MAX_VALUE))))
                .hasMessage("A collection announces 2147483647 entries, allowed are 0 to 1000");
        assertThatThrownBy(() -> scan(Messages.join(field(TType.MAP, TType.STRING, TType.I32), number(-5))))
                .hasMessage("A collection announces -5 entries, allowed are 0 to 1000");
        assertThat(scanner.header()).map(MessageHeader::seqId).contains(3);
    }

    @Test
    void refusesDeepNesting() {
        byte[][] structures = new byte[17][];
        java.util.Arrays.fill(structures, field(TType.STRUCT));
        byte[][] lists = new byte[17][];
        java.util.Arrays.fill(lists, Messages.join(new byte[] {TType.LIST}, number(1)));

        assertThatThrownBy(() -> scan(Messages.join(structures))).hasMessage("Structures are nested deeper than 16");
        assertThatThrownBy(() -> scan(Messages.join(field(TType.LIST), Messages.join(lists))))
                .hasMessage("Structures are nested deeper than 16");
    }

    @Test
    void refusesTypesThatThereAreNot() {
        assertThatThrownBy(() -> scan(field((byte) 77))).hasMessage("There is no type 77");
        assertThatThrownBy(() -> scan(field((byte) -1))).hasMessage("There is no type -1");
        assertThatThrownBy(() -> scan(Messages.join(field(TType.SET, (byte) 5), number(1))))
                .hasMessage("There is no type 5");
    }

    @Test
    void refusesWhatIsNoMessage() {
        assertThatThrownBy(() -> scanner.scan(Unpooled.wrappedBuffer(number(5))))
                .hasMessage("This is no strict binary Thrift message: it begins with 0x00000005");
        assertThatThrownBy(() -> scanner.scan(
                        Unpooled.wrappedBuffer(Messages.join(number(0x80010001), number(Integer.MAX_VALUE)))))
                .hasMessage("A method's name has 2147483647 bytes, expected 0 to 128");
    }

    @Test
    void passesFixedSizeEntriesAtOnce() throws Exception {
        byte[] arguments = Messages.join(
                field(TType.LIST, TType.I64),
                number(3),
                new byte[24],
                field(TType.MAP, TType.BYTE, TType.I16),
                number(2),
                new byte[6],
                field(TType.MAP, TType.I32, TType.I32),
                number(2),
                new byte[16],
                field(TType.MAP, TType.STRING, TType.BOOL),
                number(1),
                number(1),
                new byte[2],
                new byte[1]);
        byte[] message = Messages.join(Messages.head("X", (byte) 1, 3), arguments);
        scanner.reset();

        assertThat(scanner.scan(Unpooled.wrappedBuffer(message))).isTrue();
        assertThat(scanner.length()).isEqualTo(message.length);
    }

    @Test
    void requestsOfHiveAreFarBelowTheLimits() throws Exception {
        TExecuteStatementReq request = new TExecuteStatementReq(SESSION, "x".repeat(500_000));
        scanner.reset();

        assertThat(scanner.scan(Unpooled.wrappedBuffer(
                        Messages.call("ExecuteStatement", 1, new TCLIService.ExecuteStatement_args(request)))))
                .isTrue();
    }
}
