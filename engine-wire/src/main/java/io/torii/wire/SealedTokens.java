package io.torii.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A user's delegation tokens on their way from a gateway to an engine, over a network on which others may listen: encrypted with
 * AES-256-GCM under a key that follows from the engine's secret, a nonce of 12 bytes in front, in Base64 for URLs without padding. The
 * signature of the request that asked for them is authenticated with them, so that an answer fits no other request.
 * Thread-safe.
 */
public final class SealedTokens {
    /** The most that a token file may have: some thousand tokens. */
    public static final int MAX_BYTES = 1 << 20;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final String PURPOSE = "torii-tokens";
    private static final int NONCE_BYTES = 12;
    private static final int MAC_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedTokens() {}

    /**
     * @param signature the request's, as in its header
     * @throws IllegalArgumentException if there are more than {@link #MAX_BYTES}
     */
    public static String seal(String secret, String signature, byte[] tokens) {
        requireSize(tokens.length);
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] encrypted =
                    cipher(Cipher.ENCRYPT_MODE, secret, signature, nonce).doFinal(tokens);
            byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + encrypted.length);
            System.arraycopy(encrypted, 0, sealed, NONCE_BYTES, encrypted.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + CIPHER + " with keys of 256 bits", e);
        }
    }

    /** @throws IllegalArgumentException if they were not sealed with this secret for this request, or changed since */
    public static byte[] open(String secret, String signature, String text) {
        byte[] sealed = Base64.getUrlDecoder().decode(text);
        if (sealed.length < NONCE_BYTES + MAC_BITS / 8) {
            throw new IllegalArgumentException("Sealed tokens are cut off");
        }
        requireSize(sealed.length - NONCE_BYTES - MAC_BITS / 8);
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, secret, signature, nonce)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "Sealed tokens were not made with this engine's secret for this request, or were changed on their way",
                    e);
        }
    }

    private static Cipher cipher(int mode, String secret, String signature, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(Hmac.bytes(secret, PURPOSE), "AES"), new GCMParameterSpec(MAC_BITS, nonce));
        cipher.updateAAD(signature.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static void requireSize(int bytes) {
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("Tokens of " + bytes + " bytes are more than " + MAX_BYTES);
        }
    }
}
