package io.torii.server.frontend.thrift.http;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import io.torii.server.auth.Identity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Cookies that say who has logged in, until when, signed so that every gateway with the same key believes them. They hold
 * user, groups, expiry and a nonce, in the clear. Thread-safe.
 */
public final class LoginCookies {
    static final String NAME = "hive.server2.auth";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LONGEST = 3 * 1024;
    private static final byte VERSION = 1;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;
    private final String authentication;
    private final Duration maxAge;
    private final Clock clock;

    /**
     * @param key the same for all gateways of a store
     * @param authentication how and where users are known: a cookie from before another way, file or directory was chosen
     *     is worth nothing
     */
    public LoginCookies(Secret key, String authentication, Duration maxAge, Clock clock) {
        this.key = new SecretKeySpec(key.value().getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.authentication = requireNonNull(authentication, "authentication");
        this.maxAge = requireNonNull(maxAge, "maxAge");
        this.clock = requireNonNull(clock, "clock");
    }

    Duration maxAge() {
        return maxAge;
    }

    /** A cookie's value; empty if it would be too long, and the client has to go on with its password. */
    Optional<String> of(Identity identity) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(VERSION);
            out.writeLong(clock.millis() + maxAge.toMillis());
            out.writeLong(RANDOM.nextLong());
            out.writeUTF(identity.user());
            out.writeInt(identity.groups().size());
            for (String group : new TreeSet<>(identity.groups())) {
                out.writeUTF(group);
            }
        } catch (IOException tooLong) {
            return Optional.empty();
        }
        byte[] content = bytes.toByteArray();
        Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
        String value = text.encodeToString(content) + "." + text.encodeToString(signature(content));
        return value.length() <= LONGEST ? Optional.of(value) : Optional.empty();
    }

    /** Whose cookie this is; empty unless it was made here or by another gateway of the store, and still counts. */
    Optional<Identity> identity(String value) {
        int dot = value.indexOf('.');
        if (dot < 0 || value.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            byte[] content = Base64.getUrlDecoder().decode(value.substring(0, dot));
            byte[] signature = Base64.getUrlDecoder().decode(value.substring(dot + 1));
            return MessageDigest.isEqual(signature, signature(content)) ? read(content) : Optional.empty();
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }

    private Optional<Identity> read(byte[] content) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            if (in.readByte() != VERSION || in.readLong() <= clock.millis()) {
                return Optional.empty();
            }
            in.readLong(); // the nonce
            String user = in.readUTF();
            Set<String> groups = new HashSet<>();
            for (int left = in.readInt(); left > 0; left--) {
                groups.add(in.readUTF());
            }
            return Optional.of(new Identity(user, groups));
        } catch (IOException ofAnotherVersion) {
            return Optional.empty();
        }
    }

    private byte[] signature(byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(authentication.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + ALGORITHM, e);
        }
    }
}
