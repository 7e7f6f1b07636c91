package io.torii.mini;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A realm of Kerberos on this machine. Its services are {@code hdfs}, {@code yarn}, {@code HTTP}, {@code hive} and
 * {@code torii}; each has a keytab of its own. Immutable.
 */
public final class Kerberos {
    static final String MAIN = "io.torii.mini.daemon.KdcMain";

    private static final String ORGANIZATION = "TORII";
    private static final String DOMAIN = "TEST";
    private static final String REALM = ORGANIZATION + "." + DOMAIN;
    private static final List<String> SERVICES = List.of("hdfs", "yarn", "HTTP", "hive", "torii");

    private final Path directory;
    private final int port;
    private final Duration ticketLifetime;

    Kerberos(Path directory, int port, Duration ticketLifetime) {
        this.directory = directory;
        this.port = port;
        this.ticketLifetime = ticketLifetime;
    }

    /** What clients call {@code krb5.conf}. */
    public Path configuration() {
        return directory.resolve("krb5.conf");
    }

    public String realm() {
        return REALM;
    }

    /** {@code service/localhost@REALM} */
    public String principal(String service) {
        return service + "/localhost@" + REALM;
    }

    public Path keytab(String service) {
        return directory.resolve(service + ".keytab");
    }

    Path directory() {
        return directory;
    }

    List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(List.of(directory.toString(), Integer.toString(port), ORGANIZATION, DOMAIN));
        SERVICES.forEach(service -> arguments.add(service + "/localhost"));
        return arguments;
    }

    /** With which a program of Java knows the realm. */
    Map<String, String> environment() {
        return Map.of("JAVA_TOOL_OPTIONS", "-Djava.security.krb5.conf=" + configuration());
    }

    boolean isReady() {
        return Files.exists(directory.resolve("ready"));
    }

    void write() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                configuration(),
                String.join(
                        "\n",
                        "[libdefaults]",
                        "  default_realm = " + REALM,
                        "  dns_lookup_kdc = false",
                        "  dns_lookup_realm = false",
                        "  udp_preference_limit = 1",
                        "  kdc_timeout = 3s",
                        "  max_retries = 1",
                        "  ticket_lifetime = " + ticketLifetime.toSeconds() + "s",
                        "[realms]",
                        "  " + REALM + " = {",
                        "    kdc = localhost:" + port,
                        "  }",
                        ""));
    }
}
