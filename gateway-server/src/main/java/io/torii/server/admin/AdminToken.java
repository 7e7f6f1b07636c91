package io.torii.server.admin;

import io.torii.api.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** What opens the pages that show users: a file that the gateway's own user alone can read, new at each start. Immutable. */
public final class AdminToken {
    private static final String FILE = "admin.token";
    private static final int BYTES = 32;
    private static final String SCHEME = "Bearer ";

    private final Secret secret;

    private AdminToken(Secret secret) {
        this.secret = secret;
    }

    /** Makes a token and writes it for whoever may read the directory's file. */
    public static AdminToken create(Path directory) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Secret secret = new Secret(HexFormat.of().formatHex(random));
        Path draft = directory.resolve(FILE + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, secret.value());
        Files.move(draft, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new AdminToken(secret);
    }

    /** What a request to the gateway of this directory has to say for itself; fails if the file cannot be read. */
    public static String header(Path directory) throws IOException {
        return SCHEME + Files.readString(directory.resolve(FILE)).strip();
    }

    /** Whether the value of an Authorization header is the token; takes as long for any. */
    boolean isIn(Optional<String> authorization) {
        byte[] given = authorization.orElse("").getBytes(StandardCharsets.UTF_8);
        byte[] right = (SCHEME + secret.value()).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(right, given);
    }
}
