package io.torii.server.frontend.thrift.fuzz;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.protocol.TType;

/** Where a message has its fields and its lengths, as far as it is one. */
final class Anatomy {
    private static final int MAX_DEPTH = 24;

    /** Bytes from start to end. */
    record Field(int start, int end) {}

    private final ByteBuffer in;
    final List<Field> fields = new ArrayList<>();
    final List<Integer> lengths = new ArrayList<>();

    private Anatomy(byte[] message) {
        this.in = ByteBuffer.wrap(message);
    }

    static Anatomy of(byte[] message) {
        Anatomy anatomy = new Anatomy(message);
        try {
            anatomy.in.getInt();
            anatomy.skip(anatomy.length());
            anatomy.in.getInt();
            anatomy.structure(0);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return anatomy; // what has been seen so far
        }
        return anatomy;
    }

    private int length() {
        lengths.add(in.position());
        return in.getInt();
    }

    private void skip(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("no length " + bytes);
        }
        in.position(in.position() + bytes);
    }

    private void structure(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("too deep");
        }
        while (true) {
            int start = in.position();
            byte type = in.get();
            if (type == TType.STOP) {
                return;
            }
            in.getShort();
            value(type, depth);
            fields.add(new Field(start, in.position()));
        }
    }

    private void value(byte type, int depth) {
        switch (type) {
            case TType.BOOL, TType.BYTE -> skip(1);
            case TType.I16 -> skip(2);
            case TType.I32 -> skip(4);
            case TType.I64, TType.DOUBLE -> skip(8);
            case TType.STRING -> skip(length());
            case TType.STRUCT -> structure(depth + 1);
            case TType.LIST, TType.SET -> {
                byte of = in.get();
                entries(depth, of);
            }
            case TType.MAP -> {
                byte key = in.get();
                byte of = in.get();
                entries(depth, key, of);
            }
            default -> throw new IllegalArgumentException("no type " + type);
        }
    }

    private void entries(int depth, byte... types) {
        int count = length();
        for (int entry = 0; entry < count; entry++) {
            for (byte type : types) {
                value(type, depth + 1);
            }
        }
    }
}
