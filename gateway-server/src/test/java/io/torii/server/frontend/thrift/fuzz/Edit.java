package io.torii.server.frontend.thrift.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.thrift.protocol.TType;

/**
 * One change to a message or a stream. Any numbers will do. Immutable.
 *
 * @param where chooses the place
 * @param what chooses what is put there
 */
public record Edit(Kind kind, int where, int what) {
    /** What is changed. */
    public enum Kind {
        BIT,
        BYTE,
        TRUNCATE,
        INSERT,
        REMOVE,
        LENGTH,
        SPLICE,
        REPEAT_FIELD,
        UNKNOWN_FIELD,
        NEST
    }

    private static final int[] EXTREMES = {
        -1,
        0,
        1,
        15,
        16,
        17,
        128,
        129,
        999,
        1_000,
        1_001,
        65_535,
        65_536,
        1 << 20,
        (1 << 20) + 1,
        16 << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0x00ff_ffff,
        0x7fff_0000
    };
    private static final byte[] TYPES = {
        TType.BOOL,
        TType.BYTE,
        TType.DOUBLE,
        TType.I16,
        TType.I32,
        TType.I64,
        TType.STRING,
        TType.STRUCT,
        TType.MAP,
        TType.SET,
        TType.LIST,
        1,
        5,
        7,
        9,
        16,
        17,
        -1
    };

    byte[] apply(byte[] in) {
        if (in.length == 0) {
            return in;
        }
        byte[] copy = in.clone();
        int place = where % in.length;
        switch (kind) {
            case BIT -> copy[place] ^= (byte) (1 << (what & 7));
            case BYTE -> copy[place] = (byte) what;
            case TRUNCATE -> copy = Arrays.copyOf(in, place);
            case INSERT -> copy = replaced(in, place, place, junk(1 + what % 40));
            case REMOVE -> copy = replaced(in, place, Math.min(in.length, place + 1 + what % 40), new byte[0]);
            case LENGTH -> {
                List<Integer> lengths = Anatomy.of(in).lengths;
                int at = lengths.isEmpty() ? place : lengths.get(where % lengths.size());
                if (at + 4 <= in.length) {
                    ByteBuffer numbers = ByteBuffer.wrap(copy);
                    int choice = what % (EXTREMES.length + 2);
                    int old = numbers.getInt(at);
                    int changed =
                            choice < EXTREMES.length ? EXTREMES[choice] : choice == EXTREMES.length ? old + 1 : old - 1;
                    numbers.putInt(at, changed);
                }
            }
            case SPLICE -> {
                byte[] other =
                        ValidRequests.all().get(what % ValidRequests.all().size());
                copy = replaced(
                        in, place, in.length, Arrays.copyOfRange(other, (what >>> 8) % other.length, other.length));
            }
            case REPEAT_FIELD -> {
                List<Anatomy.Field> fields = Anatomy.of(in).fields;
                if (!fields.isEmpty()) {
                    Anatomy.Field field = fields.get(where % fields.size());
                    byte[] once = Arrays.copyOfRange(in, field.start(), field.end());
                    copy = replaced(in, field.end(), field.end(), repeated(once, once.length > 512 ? 1 : 1 + what % 5));
                }
            }
            case UNKNOWN_FIELD -> copy = insertedField(in, unknownField());
            case NEST -> copy = insertedField(in, nested());
        }
        return copy;
    }

    private byte[] insertedField(byte[] in, byte[] field) {
        List<Anatomy.Field> fields = Anatomy.of(in).fields;
        int at = fields.isEmpty()
                ? where % in.length
                : fields.get(where % fields.size()).start();
        return replaced(in, at, at, field);
    }

    private byte[] unknownField() {
        byte type = TYPES[what % TYPES.length];
        int size =
                switch (type) {
                    case TType.BOOL, TType.BYTE -> 1;
                    case TType.I16 -> 2;
                    case TType.I32 -> 4;
                    case TType.LIST, TType.SET -> 5;
                    case TType.MAP -> 6;
                    case TType.STRUCT -> 1;
                    case TType.STRING -> 4;
                    default -> 8;
                };
        ByteBuffer field = ByteBuffer.allocate(3 + size).put(type).putShort((short) (what >>> 5));
        return field.array();
    }

    /** Structures or lists within each other, ended as they should be. */
    private byte[] nested() {
        int depth = 1 + what % 40;
        boolean lists = (what >>> 8) % 2 == 0;
        ByteBuffer field = ByteBuffer.allocate(3 + depth * 5 + depth + 8);
        field.put(lists ? TType.LIST : TType.STRUCT).putShort((short) 77);
        for (int level = 1; level < depth; level++) {
            if (lists) {
                field.put(TType.LIST).putInt(1);
            } else {
                field.put(TType.STRUCT).putShort((short) level);
            }
        }
        if (lists) {
            field.put(TType.I32).putInt(0);
        } else {
            field.put(new byte[depth]);
        }
        return Arrays.copyOf(field.array(), field.position());
    }

    private byte[] junk(int length) {
        byte[] junk = new byte[length];
        int state = what * 0x9E37_79B1 + where;
        for (int i = 0; i < length; i++) {
            state = state * 1_103_515_245 + 12_345;
            junk[i] = (byte) (state >>> 16);
        }
        return junk;
    }

    private static byte[] repeated(byte[] once, int times) {
        byte[] all = new byte[once.length * times];
        for (int time = 0; time < times; time++) {
            System.arraycopy(once, 0, all, time * once.length, once.length);
        }
        return all;
    }

    private static byte[] replaced(byte[] in, int from, int to, byte[] with) {
        byte[] out = new byte[in.length - (to - from) + with.length];
        System.arraycopy(in, 0, out, 0, from);
        System.arraycopy(with, 0, out, from, with.length);
        System.arraycopy(in, to, out, from + with.length, in.length - to);
        return out;
    }
}
