package io.torii.wire;

import java.util.Arrays;
import org.apache.thrift.TBase;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;

/** Thrift structs as bytes in the binary protocol, without a message around them. Thread-safe. */
public final class ThriftCodec {
    private static final int MAX_DEPTH = 64;
    private static final int START_SIZE = 512;

    static {
        // unknown fields are skipped by recursion: a peer must not choose how deep
        TProtocolUtil.setMaxSkipDepth(MAX_DEPTH);
    }

    private ThriftCodec() {}

    public static byte[] encode(TBase<?, ?> struct) {
        try {
            TMemoryBuffer buffer = new TMemoryBuffer(START_SIZE);
            struct.write(new TBinaryProtocol(buffer));
            return Arrays.copyOf(buffer.getArray(), buffer.length());
        } catch (TException e) {
            throw new IllegalArgumentException("Not a complete " + name(struct) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Fills an empty struct from bytes, all of them. Lengths that the bytes announce are checked against what is there
     * before anything is allocated. Fails with a {@link WireException} BAD_REQUEST if the bytes are not such a struct.
     */
    public static <T extends TBase<?, ?>> T decode(byte[] bytes, T empty) {
        try {
            // no element takes less than a byte, so no honest container is longer than all bytes
            int limit = Math.max(1, bytes.length);
            TConfiguration configuration = new TConfiguration(limit, limit, MAX_DEPTH);
            TMemoryInputTransport input = new TMemoryInputTransport(configuration, bytes);
            empty.read(new TBinaryProtocol(input, limit, limit));
            if (input.getBytesRemainingInBuffer() > 0) {
                throw new WireException(
                        WireProtocol.BAD_REQUEST,
                        "Malformed " + name(empty) + ": " + input.getBytesRemainingInBuffer() + " bytes too many");
            }
            return empty;
        } catch (TException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            // Thrift looks at the sign of a length only where it has to read on for it
            throw new WireException(WireProtocol.BAD_REQUEST, "Malformed " + name(empty) + ": " + e.getMessage(), e);
        }
    }

    private static String name(TBase<?, ?> struct) {
        return struct.getClass().getSimpleName();
    }
}
