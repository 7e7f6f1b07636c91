package io.torii.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.torii.api.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    private static final String SALT_AND_HASH = "If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";

    /** As jBCrypt, Python's bcrypt and libxcrypt (htpasswd, PHP) made them. */
    @ParameterizedTest
    @CsvSource({
        "abc, $2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        "Kk4DQuMMfZL9o, $2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
        "rasmuslerdorf, $2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq",
        "pässwörd, $2y$05$abcdefghijklmnopqrstuuZVEMa1pjhlynBQ1qXmSvGBJpN9h1w8G"
    })
    void knowsTheHashesOfOthers(String password, String hash) {
        PasswordHash known = new PasswordHash(hash);

        assertThat(known.matches(new Secret(password))).isTrue();
        assertThat(known.matches(new Secret(password + "x"))).isFalse();
        assertThat(known.matches(new Secret(""))).isFalse();
    }

    @Test
    void hashesWithASaltOfItsOwn() {
        Secret password = new Secret("pässwörd");

        PasswordHash hash = PasswordHash.of(password);

        assertThat(hash.text()).startsWith("$2b$10$").hasSize(60);
        assertThat(hash.cost()).isEqualTo(10);
        assertThat(hash.matches(password)).isTrue();
        assertThat(hash.matches(new Secret("password"))).isFalse();
        assertThat(PasswordHash.of(password)).isNotEqualTo(hash);
    }

    @Test
    void everyByteOfTheLongestPasswordCounts() {
        String longest = "x".repeat(71) + "y";
        PasswordHash hash = PasswordHash.of(new Secret(longest));

        assertThat(hash.matches(new Secret(longest))).isTrue();
        assertThat(hash.matches(new Secret("x".repeat(72)))).isFalse();
    }

    @Test
    void refusesToHashWhatBcryptWouldCutOff() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.of(new Secret("ä".repeat(37))))
                .withMessage("A password has 74 bytes, expected 1 to 72");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.of(new Secret("")))
                .withMessage("A password has 0 bytes, expected 1 to 72");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "$1$abc$def", "$2x$10$" + SALT_AND_HASH, "$2b$10$" + SALT_AND_HASH + "x"})
    void refusesOtherHashes(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PasswordHash(text))
                .withMessage("the hash is no bcrypt hash ($2a$, $2b$ or $2y$)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"03", "17", "31"})
    void refusesCostsThatProtectNothingOrTakeTooLong(String cost) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PasswordHash("$2b$" + cost + "$" + SALT_AND_HASH))
                .withMessage("the hash has cost " + Integer.parseInt(cost) + ", expected 4 to 16");
    }

    @Test
    void isNeverPrinted() {
        assertThat(new PasswordHash("$2b$10$" + SALT_AND_HASH)).hasToString("***");
    }
}
