package io.torii.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A whole response: headers and a body. Immutable but for its body, which nobody may change. Thread-safe. */
public final class WireReply {
    private final Map<String, String> headers;
    private final byte[] body;

    private WireReply(Map<String, String> headers, byte[] body) {
        this.headers = headers;
        this.body = Objects.requireNonNull(body, "body");
    }

    public static WireReply of(byte[] body) {
        return new WireReply(Collections.emptyMap(), body);
    }

    static WireReply received(Map<String, String> headers, byte[] body) {
        return new WireReply(Collections.unmodifiableMap(headers), body);
    }

    /** The same reply with one header more; names are lower case, values printable ASCII. */
    public WireReply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new WireReply(Collections.unmodifiableMap(more), body);
    }

    public Map<String, String> headers() {
        return headers;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    public byte[] body() {
        return body;
    }
}
