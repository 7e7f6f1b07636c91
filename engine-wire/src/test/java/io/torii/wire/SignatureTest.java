package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SignatureTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String PATH = "/engine/v1/heartbeat";

    private final String header = Signature.sign("secret", PATH, NOW.toEpochMilli(), "tag=x");

    @Test
    void admitsWhatItSigned() {
        assertThat(verify("secret", PATH, "tag=x", header, NOW)).hasValue(NOW.toEpochMilli());
    }

    @Test
    void isPublishedAsEpochMillisAndHmac() {
        // echo -en '/engine/v1/heartbeat\n1767225600000\ntag=x' | openssl dgst -sha256 -hmac secret
        assertThat(header).isEqualTo("1767225600000:016cbd515b95c35e754b5e9c951e3399c4e459ea84f464c560bff4893b0cd252");
    }

    @Test
    void refusesAnyOtherSecretPathBodyOrTime() {
        assertThat(verify("other", PATH, "tag=x", header, NOW)).isEmpty();
        assertThat(verify("secret", "/engine/v1/leave", "tag=x", header, NOW)).isEmpty();
        assertThat(verify("secret", PATH, "tag=y", header, NOW)).isEmpty();
        String later = (NOW.toEpochMilli() + 1) + header.substring(header.indexOf(':'));
        assertThat(verify("secret", PATH, "tag=x", later, NOW)).isEmpty();
    }

    @Test
    void isGoodForSomeMinutesAroundItsTime() {
        Instant last = NOW.plus(Signature.MAX_BEHIND);
        Instant first = NOW.minus(Signature.MAX_AHEAD);

        assertThat(verify("secret", PATH, "tag=x", header, last)).isPresent();
        assertThat(verify("secret", PATH, "tag=x", header, first)).isPresent();
        assertThat(verify("secret", PATH, "tag=x", header, last.plusMillis(1))).isEmpty();
        assertThat(verify("secret", PATH, "tag=x", header, first.minusMillis(1)))
                .isEmpty();
    }

    @Test
    void refusesWhatIsNoSignature() {
        for (String wrong : new String[] {"", ":", "1", "x:y", "-1:00", header + "0", "99999999999999999999:00"}) {
            assertThat(verify("secret", PATH, "tag=x", wrong, NOW)).as(wrong).isEmpty();
        }
    }

    private static OptionalLong verify(String secret, String path, String body, String header, Instant now) {
        return Signature.verify(secret, path, body, header, Clock.fixed(now, ZoneOffset.UTC));
    }
}
