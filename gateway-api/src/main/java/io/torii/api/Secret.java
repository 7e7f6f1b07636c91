package io.torii.api;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.util.Base64;

/** A text that must never be seen: printed, it is {@code ***}. Immutable, thread-safe. */
public record Secret(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();

    public Secret {
        requireNonNull(value, "value");
    }

    /** 256 random bits in URL-safe Base64. */
    public static Secret random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Override
    public String toString() {
        return "***";
    }
}
