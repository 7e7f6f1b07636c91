package io.torii.wire;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a gateway and an engine prove to each other that they know the engine's secret, and agree on a version. The gateway
 * says Hello with the versions it speaks and a nonce; the engine answers with its own versions, the one chosen, a nonce and
 * its proof; the gateway answers that with its own proof. A proof is an HMAC-SHA256, keyed with the secret, over who
 * proves, all versions and both nonces: it is of no use to the other side, on another connection or for another version.
 * Without TLS nothing protects what follows from somebody who can change packets on their way.
 */
final class Handshake {
    static final String VERSIONS = "torii-versions";
    static final String CHOSEN = "torii-version";
    static final String NONCE = "torii-nonce";
    static final String PROOF = "torii-proof";

    private static final int NONCE_BYTES = 32;
    private static final Pattern NONCE_SHAPE = Pattern.compile("[0-9a-f]{64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Handshake() {}

    /** Versions that a side speaks. */
    static final class Versions {
        static final Versions OURS = new Versions(WireProtocol.OLDEST_VERSION, WireProtocol.VERSION);

        private static final Pattern SHAPE = Pattern.compile("([0-9]{1,6})-([0-9]{1,6})");

        final int oldest;
        final int newest;

        Versions(int oldest, int newest) {
            if (oldest < 1 || newest < oldest) {
                throw new IllegalArgumentException("versions: " + oldest + " to " + newest);
            }
            this.oldest = oldest;
            this.newest = newest;
        }

        static Versions parse(String text) {
            Matcher shape = SHAPE.matcher(text);
            if (!shape.matches()) {
                throw new WireException(WireProtocol.BAD_REQUEST, "Malformed header " + VERSIONS);
            }
            try {
                return new Versions(Integer.parseInt(shape.group(1)), Integer.parseInt(shape.group(2)));
            } catch (IllegalArgumentException e) {
                throw new WireException(WireProtocol.BAD_REQUEST, "Malformed header " + VERSIONS, e);
            }
        }

        /** The highest common version, or 0. */
        int common(Versions other) {
            int highest = Math.min(newest, other.newest);
            return highest >= Math.max(oldest, other.oldest) ? highest : 0;
        }

        @Override
        public String toString() {
            return oldest + "-" + newest;
        }
    }

    /** The gateway's side of one connection. Not thread-safe. */
    static final class Gateway {
        private final String secret;
        private final Versions ours;
        private final String nonce = newNonce();
        private int version;

        Gateway(String secret, Versions ours) {
            this.secret = Objects.requireNonNull(secret, "secret");
            this.ours = ours;
        }

        WireCall hello() {
            return WireCall.of(WireProtocol.HELLO, new byte[0])
                    .with(VERSIONS, ours.toString())
                    .with(NONCE, nonce);
        }

        /** Checks the engine's answer to Hello and makes our own proof. */
        WireCall prove(WireReply hello) {
            Versions engine = Versions.parse(hello.header(VERSIONS).orElse(""));
            int common = ours.common(engine);
            String engineNonce = requireNonce(hello.header(NONCE).orElse(""));
            Transcript transcript = new Transcript(secret, ours, engine, common, nonce, engineNonce);
            boolean proved =
                    Hmac.same(transcript.engineProof(), hello.header(PROOF).orElse(""));
            if (!proved || common == 0 || !hello.header(CHOSEN).orElse("").equals(Integer.toString(common))) {
                throw new WireException(
                        WireProtocol.UNAUTHENTICATED, "What answered did not prove that it is the engine");
            }
            version = common;
            return WireCall.of(WireProtocol.PROVE, new byte[0]).with(PROOF, transcript.gatewayProof());
        }

        int version() {
            return version;
        }
    }

    /** The engine's side of one connection. Not thread-safe. */
    static final class Engine {
        private final String secret;
        private final Versions ours;
        private Transcript transcript;
        private boolean proved;

        Engine(String secret, Versions ours) {
            this.secret = Objects.requireNonNull(secret, "secret");
            this.ours = ours;
        }

        WireReply hello(WireCall hello) {
            if (transcript != null) {
                throw new WireException(WireProtocol.UNAUTHENTICATED, "Hello has been said already");
            }
            Versions gateway = Versions.parse(hello.header(VERSIONS).orElse(""));
            String gatewayNonce = requireNonce(hello.header(NONCE).orElse(""));
            int common = ours.common(gateway);
            if (common == 0) {
                throw new WireException(
                        WireProtocol.VERSION_MISMATCH,
                        "Gateway and engine have no common wire version: the gateway speaks " + gateway
                                + ", the engine " + ours + "; upgrade the older one");
            }
            String nonce = newNonce();
            transcript = new Transcript(secret, gateway, ours, common, gatewayNonce, nonce);
            return WireReply.of(new byte[0])
                    .with(VERSIONS, ours.toString())
                    .with(CHOSEN, Integer.toString(common))
                    .with(NONCE, nonce)
                    .with(PROOF, transcript.engineProof());
        }

        WireReply prove(WireCall prove) {
            if (transcript == null
                    || proved
                    || !Hmac.same(transcript.gatewayProof(), prove.header(PROOF).orElse(""))) {
                throw new WireException(
                        WireProtocol.UNAUTHENTICATED, "The gateway did not prove that it knows this engine's secret");
            }
            proved = true;
            return WireReply.of(new byte[0]);
        }

        boolean proved() {
            return proved;
        }
    }

    private static final class Transcript {
        private final String secret;
        private final String text;

        Transcript(
                String secret,
                Versions gateway,
                Versions engine,
                int version,
                String gatewayNonce,
                String engineNonce) {
            this.secret = secret;
            this.text = "\n" + gateway + "\n" + engine + "\n" + version + "\n" + gatewayNonce + "\n" + engineNonce;
        }

        String engineProof() {
            return Hmac.hex(secret, "torii-wire engine" + text);
        }

        String gatewayProof() {
            return Hmac.hex(secret, "torii-wire gateway" + text);
        }
    }

    private static String newNonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return Hmac.hex(nonce);
    }

    private static String requireNonce(String nonce) {
        if (!NONCE_SHAPE.matcher(nonce).matches()) {
            throw new WireException(WireProtocol.BAD_REQUEST, "Malformed header " + NONCE);
        }
        return nonce;
    }
}
