package io.torii.server.auth;

import io.torii.api.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that have just been found right, so that a thousand connections of one user cost one check; whoever asks while
 * the same check is under way shares it. Keeps digests under a key of its own, never a password. Thread-safe.
 */
final class VerifiedPasswords {
    private static final int REMEMBERED = 10_000;
    private static final String DIGEST = "HmacSHA256";

    private record Verified(CompletableFuture<Identity> identity, long untilMillis) {}

    private final Clock clock;
    private final Duration validity;
    private final SecretKeySpec key;
    private final Map<ByteBuffer, Verified> verified = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Verified> eldest) {
            return size() > REMEMBERED;
        }
    };

    VerifiedPasswords(Clock clock, Duration validity) {
        this.clock = clock;
        this.validity = validity;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, DIGEST);
    }

    /**
     * The identity of a user whose password was right a moment ago, or what the check finds.
     *
     * @param context what else the answer depends on: when it changes, the password is checked again
     */
    CompletableFuture<Identity> of(
            String user, Secret password, String context, Supplier<CompletableFuture<Identity>> check) {
        ByteBuffer digest = digest(user, context, password.value());
        CompletableFuture<Identity> identity = new CompletableFuture<>();
        Verified mine = new Verified(identity, clock.millis() + validity.toMillis());
        synchronized (verified) {
            Verified known = verified.get(digest);
            if (known != null && clock.millis() < known.untilMillis) {
                return known.identity.copy();
            }
            verified.put(digest, mine);
        }
        check.get().whenComplete((found, failure) -> {
            if (failure == null) {
                identity.complete(found);
                return;
            }
            synchronized (verified) {
                verified.remove(digest, mine);
            }
            identity.completeExceptionally(failure);
        });
        return identity.copy();
    }

    private ByteBuffer digest(String... parts) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(key);
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
                mac.update(bytes);
            }
            return ByteBuffer.wrap(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + DIGEST, e);
        }
    }
}
