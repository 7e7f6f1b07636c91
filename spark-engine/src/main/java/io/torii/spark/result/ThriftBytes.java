package io.torii.spark.result;

import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.TSerializer;
import org.apache.thrift.protocol.TBinaryProtocol;

/** Encodes generated structures. */
final class ThriftBytes {
    private ThriftBytes() {}

    static byte[] of(TBase<?, ?> struct) {
        try {
            return new TSerializer(new TBinaryProtocol.Factory()).serialize(struct);
        } catch (TException e) {
            throw new IllegalStateException("Cannot encode " + struct.getClass().getSimpleName(), e);
        }
    }
}
