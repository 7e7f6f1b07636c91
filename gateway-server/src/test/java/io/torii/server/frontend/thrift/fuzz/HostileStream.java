package io.torii.server.frontend.thrift.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What one client sends, as it arrives. Immutable; the bytes are not to be changed.
 *
 * @param messages changed ones
 * @param sasl whether a login comes first, and frames carry the rest
 * @param frame bytes of a frame; 0 is one for each message
 * @param edits to the whole
 * @param cuts choose how much each read yields
 */
public record HostileStream(List<byte[]> messages, boolean sasl, int frame, List<Edit> edits, List<Integer> cuts) {
    private static final int MAX_SHOWN = 2_000;

    /** All that is sent. */
    public byte[] bytes() {
        byte[] whole = sasl ? framed() : ValidRequests.join(messages);
        for (Edit edit : edits) {
            whole = edit.apply(whole);
        }
        return whole;
    }

    /** The same in portions. */
    public List<byte[]> reads() {
        byte[] whole = bytes();
        List<byte[]> reads = new ArrayList<>();
        int at = 0;
        for (int cut : cuts) {
            int length = Math.min(whole.length - at, 1 + cut % 200);
            reads.add(Arrays.copyOfRange(whole, at, at + length));
            at += length;
        }
        reads.add(Arrays.copyOfRange(whole, at, whole.length));
        return reads;
    }

    private byte[] framed() {
        List<byte[]> parts = new ArrayList<>();
        parts.add(negotiation(1, "PLAIN"));
        parts.add(negotiation(5, "\0alice\0secret"));
        List<byte[]> payloads = frame == 0 ? messages : List.of(ValidRequests.join(messages));
        for (byte[] payload : payloads) {
            int step = frame == 0 ? Math.max(1, payload.length) : Math.max(frame, payload.length / 1_000);
            for (int at = 0; at < payload.length; at += step) {
                byte[] part = Arrays.copyOfRange(payload, at, Math.min(payload.length, at + step));
                parts.add(ByteBuffer.allocate(4).putInt(part.length).array());
                parts.add(part);
            }
        }
        return ValidRequests.join(parts);
    }

    private static byte[] negotiation(int status, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) status)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    @Override
    public String toString() {
        byte[] whole = bytes();
        String shown = HexFormat.of().formatHex(whole, 0, Math.min(whole.length, MAX_SHOWN));
        return (sasl ? "sasl " : "plain ") + whole.length + " bytes " + shown + " in reads of "
                + reads().stream().map(read -> read.length).toList();
    }
}
