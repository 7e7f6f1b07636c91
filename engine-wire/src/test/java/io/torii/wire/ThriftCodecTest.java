package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.thrift.protocol.TType;
import org.junit.jupiter.api.Test;

class ThriftCodecTest {
    private final TOpenSessionReq request = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);

    @Test
    void decodesWhatItEncoded() {
        request.setUsername("älice");
        request.setConfiguration(Collections.singletonMap("use:database", "sales"));

        TOpenSessionReq decoded = ThriftCodec.decode(ThriftCodec.encode(request), new TOpenSessionReq());

        assertThat(decoded).isEqualTo(request);
    }

    @Test
    void refusesToEncodeAnIncompleteStruct() {
        assertThatThrownBy(() -> ThriftCodec.encode(new TStatus()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not a complete TStatus");
    }

    @Test
    void allocatesNothingForAStringThatIsOnlyAnnounced() {
        assertRefused(field(TType.STRING, 2, Integer.MAX_VALUE));
        assertRefused(field(TType.STRING, 2, -1));
    }

    @Test
    void allocatesNothingForAMapThatIsOnlyAnnounced() {
        byte[] map = ByteBuffer.allocate(3 + 2 + 4)
                .put((byte) TType.MAP)
                .putShort((short) 4)
                .put((byte) TType.STRING)
                .put((byte) TType.STRING)
                .putInt(Integer.MAX_VALUE)
                .array();

        assertRefused(map);
    }

    @Test
    void allocatesNothingForAListThatIsOnlyAnnounced() {
        byte[] status = ByteBuffer.allocate(3 + 3 + 1 + 4)
                .put((byte) TType.STRUCT)
                .putShort((short) 1)
                .put((byte) TType.LIST)
                .putShort((short) 2)
                .put((byte) TType.STRING)
                .putInt(Integer.MAX_VALUE)
                .array();

        assertThatThrownBy(() -> ThriftCodec.decode(status, new TGetOperationStatusResp()))
                .isInstanceOf(WireException.class)
                .hasMessageStartingWith("Malformed TGetOperationStatusResp");
    }

    @Test
    void refusesUnknownFieldsThatAreNestedTooDeep() {
        ByteArrayOutputStream nested = new ByteArrayOutputStream();
        for (int depth = 0; depth < 100_000; depth++) {
            nested.write(TType.STRUCT);
            nested.write(0);
            nested.write(99);
        }

        assertRefused(nested.toByteArray());
    }

    @Test
    void refusesAnUnknownListOfNothings() {
        byte[] list = ByteBuffer.allocate(3 + 1 + 4)
                .put((byte) TType.LIST)
                .putShort((short) 99)
                .put((byte) TType.STRUCT)
                .putInt(Integer.MAX_VALUE)
                .array();

        assertRefused(list);
    }

    @Test
    void refusesWhatIsCutShortOrTooLong() {
        byte[] whole = ThriftCodec.encode(new TStatus(TStatusCode.SUCCESS_STATUS));

        assertThatThrownBy(() -> ThriftCodec.decode(Arrays.copyOf(whole, whole.length - 1), new TStatus()))
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() -> ThriftCodec.decode(new byte[0], new TStatus())).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> ThriftCodec.decode(Arrays.copyOf(whole, whole.length + 3), new TStatus()))
                .hasMessage("Malformed TStatus: 3 bytes too many");
    }

    private static byte[] field(byte type, int id, int length) {
        return ByteBuffer.allocate(3 + 4)
                .put(type)
                .putShort((short) id)
                .putInt(length)
                .array();
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> ThriftCodec.decode(bytes, new TOpenSessionReq()))
                .isInstanceOfSatisfying(WireException.class, refused -> assertThat(refused.status())
                        .isEqualTo(WireProtocol.BAD_REQUEST))
                .hasMessageStartingWith("Malformed TOpenSessionReq");
    }
}
