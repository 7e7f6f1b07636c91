package io.torii.mini.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.minikdc.MiniKdc;

/**
 * A Kerberos realm: {@code <directory> <port> <organization> <domain> <principal>...}. The realm is
 * {@code ORGANIZATION.DOMAIN}; each principal, of the form {@code service/host}, gets the keytab {@code service.keytab} in the
 * directory. There is a file {@code ready} once all are there.
 */
public final class KdcMain {
    private static final int FIRST_PRINCIPAL = 4;

    private KdcMain() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        MiniKdc kdc = new MiniKdc(
                settings(arguments),
                Files.createDirectories(directory.resolve("work")).toFile());
        kdc.start();
        for (int i = FIRST_PRINCIPAL; i < arguments.length; i++) {
            createPrincipal(kdc, directory, arguments[i]);
        }
        Files.createFile(directory.resolve("ready"));
        new CountDownLatch(1).await();
    }

    private static Properties settings(String[] arguments) {
        Properties settings = MiniKdc.createConf();
        settings.setProperty(MiniKdc.KDC_PORT, arguments[1]);
        settings.setProperty(MiniKdc.ORG_NAME, arguments[2]);
        settings.setProperty(MiniKdc.ORG_DOMAIN, arguments[3]);
        // clients may ask for as short a ticket as they like
        settings.setProperty(MiniKdc.MIN_TICKET_LIFETIME, "1");
        return settings;
    }

    private static void createPrincipal(MiniKdc kdc, Path directory, String principal) throws Exception {
        File keytab =
                directory.resolve(principal.replaceFirst("/.*", "") + ".keytab").toFile();
        kdc.createPrincipal(keytab, principal);
        closed(keytab.toPath());
    }

    private static void closed(Path keytab) throws IOException {
        Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-------"));
    }
}
