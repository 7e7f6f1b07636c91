package io.torii.wire;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Limits and times of a wire; both sides have their own. Immutable, thread-safe. */
public final class WireOptions {
    private static final int MIB = 1 << 20;

    private int requestLimit = 100 * MIB;
    private int answerLimit = MIB;
    private int streamWindow = MIB;
    private int frameSize = MIB / 4;
    private int threads = 2;
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration loginTimeout = Duration.ofSeconds(10);
    private Duration pingInterval = Duration.ofSeconds(10);
    private Duration deadAfter = Duration.ofSeconds(20);
    private Duration closeGrace = Duration.ofSeconds(5);
    private SslContext tls;

    private WireOptions() {}

    private WireOptions(WireOptions like) {
        requestLimit = like.requestLimit;
        answerLimit = like.answerLimit;
        streamWindow = like.streamWindow;
        frameSize = like.frameSize;
        threads = like.threads;
        connectTimeout = like.connectTimeout;
        loginTimeout = like.loginTimeout;
        pingInterval = like.pingInterval;
        deadAfter = like.deadAfter;
        closeGrace = like.closeGrace;
        tls = like.tls;
    }

    public static WireOptions defaults() {
        return new WireOptions();
    }

    /** The largest request body that a server takes, in bytes. */
    public WireOptions requestLimit(int bytes) {
        WireOptions changed = new WireOptions(this);
        changed.requestLimit = positive(bytes, "request limit");
        return changed;
    }

    /** The largest answer that {@link WireConnection#call} collects, in bytes. */
    public WireOptions answerLimit(int bytes) {
        WireOptions changed = new WireOptions(this);
        changed.answerLimit = positive(bytes, "answer limit");
        return changed;
    }

    /** How many bytes of one stream this side takes before they are asked for. */
    public WireOptions streamWindow(int bytes) {
        WireOptions changed = new WireOptions(this);
        changed.streamWindow = positive(bytes, "stream window");
        return changed;
    }

    /** The largest HTTP/2 frame that this side takes: 16 KiB to 16 MiB - 1. */
    public WireOptions frameSize(int bytes) {
        if (bytes < 1 << 14 || bytes >= 1 << 24) {
            throw new IllegalArgumentException("frame size: " + bytes + " (expected: 16384 to 16777215)");
        }
        WireOptions changed = new WireOptions(this);
        changed.frameSize = bytes;
        return changed;
    }

    /** Event loops of a server. */
    public WireOptions threads(int number) {
        WireOptions changed = new WireOptions(this);
        changed.threads = positive(number, "threads");
        return changed;
    }

    public WireOptions connectTimeout(Duration timeout) {
        WireOptions changed = new WireOptions(this);
        changed.connectTimeout = positive(timeout, "connect timeout");
        return changed;
    }

    /** How long both sides may take to prove themselves. */
    public WireOptions loginTimeout(Duration timeout) {
        WireOptions changed = new WireOptions(this);
        changed.loginTimeout = positive(timeout, "login timeout");
        return changed;
    }

    /** A peer that has been silent for the interval is sent a PING, and is given up after {@code deadAfter} of silence. */
    public WireOptions keepAlive(Duration interval, Duration deadAfter) {
        WireOptions changed = new WireOptions(this);
        changed.pingInterval = positive(interval, "ping interval");
        changed.deadAfter = positive(deadAfter, "dead after");
        if (deadAfter.compareTo(interval) <= 0) {
            throw new IllegalArgumentException("dead after: " + deadAfter + " (expected: more than " + interval + ")");
        }
        return changed;
    }

    /** How long a closing server lets open streams finish. */
    public WireOptions closeGrace(Duration grace) {
        WireOptions changed = new WireOptions(this);
        changed.closeGrace = positive(grace, "close grace");
        return changed;
    }

    /** Encrypts the wire; the context is for the side that uses these options. */
    public WireOptions tls(SslContext context) {
        WireOptions changed = new WireOptions(this);
        changed.tls = Objects.requireNonNull(context, "context");
        return changed;
    }

    int requestLimit() {
        return requestLimit;
    }

    int answerLimit() {
        return answerLimit;
    }

    int streamWindow() {
        return streamWindow;
    }

    int frameSize() {
        return frameSize;
    }

    int threads() {
        return threads;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    Duration loginTimeout() {
        return loginTimeout;
    }

    Duration pingInterval() {
        return pingInterval;
    }

    Duration deadAfter() {
        return deadAfter;
    }

    Duration closeGrace() {
        return closeGrace;
    }

    Optional<SslContext> tls() {
        return Optional.ofNullable(tls);
    }

    private static int positive(int value, String what) {
        if (value < 1) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: 1 or more)");
        }
        return value;
    }

    private static Duration positive(Duration value, String what) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: more than zero)");
        }
        return value;
    }
}
