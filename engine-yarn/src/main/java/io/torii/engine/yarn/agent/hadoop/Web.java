package io.torii.engine.yarn.agent.hadoop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.authentication.client.AuthenticatedURL;
import org.apache.hadoop.security.authentication.client.KerberosAuthenticator;

/** Reads the web services of Hadoop's daemons, as the agent, with Kerberos where the cluster has it. Thread-safe. */
public final class Web {
    /** There is no such page. */
    public static final class Absent extends Exception {
        private Absent(String message) {
            super(message);
        }
    }

    /** A page, with when it was written by the server's clock: in whole seconds, or null if it does not say. */
    public record Page(String text, Instant written) {}

    private static final int MOST_CONNECT_MILLIS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String cluster;
    private final Login login;
    private final int millis;

    public Web(String cluster, Login login) {
        this(cluster, login, PATIENCE);
    }

    private Web(String cluster, Login login, Duration patience) {
        this.cluster = cluster;
        this.login = login;
        this.millis = Math.toIntExact(Math.max(1, patience.toMillis()));
    }

    /** The same services, waited for no longer than that: for a connection, and then for each answer. */
    public Web within(Duration patience) {
        return new Web(cluster, login, patience);
    }

    /** The page's text, and no more than so many bytes of it. */
    public String get(URI address, int maxBytes) throws AgentException, Absent {
        return page(address, maxBytes).text();
    }

    /** The same with the time of writing. */
    public Page page(URI address, int maxBytes) throws AgentException, Absent {
        try {
            return login.as("", () -> read(open(address), address, maxBytes));
        } catch (AgentException | Absent known) {
            throw known;
        } catch (FileNotFoundException none) {
            throw new Absent(address.toString());
        } catch (Exception failure) {
            throw AgentException.unreachable(
                    "cluster " + cluster + " does not answer at " + address.getScheme() + "://" + address.getAuthority()
                            + " (" + Causes.sentence(failure) + ")",
                    failure);
        }
    }

    private HttpURLConnection open(URI address) throws Exception {
        HttpURLConnection connection = UserGroupInformation.isSecurityEnabled()
                ? new AuthenticatedURL(new KerberosAuthenticator(), this::limited)
                        .openConnection(address.toURL(), new AuthenticatedURL.Token())
                : (HttpURLConnection) address.toURL().openConnection();
        limited(connection).setRequestProperty("Accept", "application/json, text/plain");
        return connection;
    }

    /** Also while it is authenticated. */
    private HttpURLConnection limited(HttpURLConnection connection) {
        connection.setConnectTimeout(Math.min(millis, MOST_CONNECT_MILLIS));
        connection.setReadTimeout(millis);
        return connection;
    }

    private static Page read(HttpURLConnection connection, URI address, int maxBytes) throws IOException, Absent {
        try {
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_NOT_FOUND) {
                throw new Absent(address.toString());
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("HTTP status " + status + " of " + address.getPath());
            }
            try (InputStream in = connection.getInputStream()) {
                return new Page(
                        new String(in.readNBytes(maxBytes), StandardCharsets.UTF_8),
                        connection.getDate() == 0 ? null : Instant.ofEpochMilli(connection.getDate()));
            }
        } finally {
            connection.disconnect();
        }
    }
}
