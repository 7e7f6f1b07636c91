package io.torii.it.yarn;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Keytabs with keys that no KDC knows. */
final class KeytabFile {
    private static final int VERSION = 0x0502;
    private static final int AES128 = 17;

    private KeytabFile() {}

    /** @param principal {@code service/host@REALM} */
    static Path write(Path file, String principal) throws IOException {
        String[] nameAndRealm = principal.split("@");
        String[] name = nameAndRealm[0].split("/");
        byte[] key = new byte[16];
        new SecureRandom().nextBytes(key);
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(entry);
        out.writeShort(name.length);
        counted(out, nameAndRealm[1].getBytes(StandardCharsets.UTF_8));
        for (String part : name) {
            counted(out, part.getBytes(StandardCharsets.UTF_8));
        }
        out.writeInt(1); // a principal's name
        out.writeInt(0); // made in 1970
        out.writeByte(1); // version of the key
        out.writeShort(AES128);
        counted(out, key);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream keytab = new DataOutputStream(whole);
        keytab.writeShort(VERSION);
        keytab.writeInt(entry.size());
        keytab.write(entry.toByteArray());
        return Files.write(file, whole.toByteArray());
    }

    private static void counted(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeShort(bytes.length);
        out.write(bytes);
    }
}
