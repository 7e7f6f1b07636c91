package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SealedTokensTest {
    private static final byte[] TOKENS = "the tokens".getBytes(StandardCharsets.UTF_8);
    private static final String REQUEST = "1767225600000:00ff";
    private static final String REFUSED =
            "Sealed tokens were not made with this engine's secret for this request, or were changed on their way";

    private final String sealed = SealedTokens.seal("secret", REQUEST, TOKENS);

    @Test
    void openForWhoKnowsTheSecretAndAskedForThem() {
        assertThat(SealedTokens.open("secret", REQUEST, sealed)).isEqualTo(TOKENS);
    }

    @Test
    void stayClosedWithAnotherSecret() {
        assertThatThrownBy(() -> SealedTokens.open("other", REQUEST, sealed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(REFUSED);
    }

    @Test
    void areNoAnswerToAnotherRequest() {
        assertThatThrownBy(() -> SealedTokens.open("secret", "1767225600001:00ff", sealed))
                .hasMessage(REFUSED);
    }

    @Test
    void showWhenAnyOfTheirBytesWasChanged() {
        byte[] bytes = Base64.getUrlDecoder().decode(sealed);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
            String changed = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertThatThrownBy(() -> SealedTokens.open("secret", REQUEST, changed))
                    .as("byte " + i)
                    .hasMessage(REFUSED);
            bytes[i] ^= 1;
        }
    }

    @Test
    void areRefusedWhenTheyAreNotWhole() {
        assertThatThrownBy(() -> SealedTokens.open("secret", REQUEST, sealed.substring(0, 36)))
                .hasMessage("Sealed tokens are cut off");
        assertThatThrownBy(() -> SealedTokens.open("secret", REQUEST, "not base64!"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void areNeverSealedAlikeAndFitIntoAFormAsTheyAre() {
        assertThat(SealedTokens.seal("secret", REQUEST, TOKENS)).isNotEqualTo(sealed);
        assertThat(HeaderText.encode(sealed)).isEqualTo(sealed);
    }

    @Test
    void areBounded() {
        byte[] most = new byte[SealedTokens.MAX_BYTES];

        assertThat(SealedTokens.open("secret", REQUEST, SealedTokens.seal("secret", REQUEST, most)))
                .isEqualTo(most);
        assertThatThrownBy(() -> SealedTokens.seal("secret", REQUEST, new byte[SealedTokens.MAX_BYTES + 1]))
                .hasMessage("Tokens of 1048577 bytes are more than 1048576");
    }

    /** By hand, so that an engine of another kind can be built on docs/wire.md. */
    @Test
    void areSealedAsPublished() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] key = mac.doFinal("torii-tokens".getBytes(StandardCharsets.UTF_8));
        byte[] bytes = Base64.getUrlDecoder().decode(sealed);

        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, bytes, 0, 12));
        cipher.updateAAD(REQUEST.getBytes(StandardCharsets.UTF_8));

        assertThat(cipher.doFinal(bytes, 12, bytes.length - 12)).isEqualTo(TOKENS);
    }
}
