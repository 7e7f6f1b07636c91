package io.torii.wire;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One request: a method, headers and a body. Immutable but for its body, which nobody may change. Thread-safe. */
public final class WireCall {
    private final String method;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Duration limit;

    private WireCall(String method, Map<String, String> headers, byte[] body, Duration limit) {
        this.method = Objects.requireNonNull(method, "method");
        this.headers = headers;
        this.body = Objects.requireNonNull(body, "body");
        this.limit = limit;
    }

    public static WireCall of(String method, byte[] body) {
        return new WireCall(method, Collections.emptyMap(), body, null);
    }

    static WireCall received(String method, Map<String, String> headers, byte[] body) {
        return new WireCall(method, Collections.unmodifiableMap(headers), body, null);
    }

    /** The same call with one header more; names are lower case, values printable ASCII. */
    public WireCall with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new WireCall(method, Collections.unmodifiableMap(more), body, limit);
    }

    /** The same call, given up with TIMED_OUT if its answer (for a stream, the head of it) takes longer than this. */
    public WireCall within(Duration time) {
        return new WireCall(method, headers, body, Objects.requireNonNull(time, "time"));
    }

    /** How long the caller waits; not sent. */
    public Optional<Duration> limit() {
        return Optional.ofNullable(limit);
    }

    public String method() {
        return method;
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
