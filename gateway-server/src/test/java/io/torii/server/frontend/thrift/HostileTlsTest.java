package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.server.auth.NoAuthenticator;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.thrift.transport.TSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes to a port that speaks TLS, while a neighbour is served on it. */
@Timeout(120)
class HostileTlsTest {
    private static final String PASSWORD = "change-it";
    private static final Duration SOON = Duration.ofSeconds(4); // a first handshake takes a while on a loaded machine

    @TempDir
    Path directory;

    private TestGateway gateway;
    private Neighbour neighbour;

    @BeforeEach
    void start() throws Exception {
        Path file = directory.resolve("gateway.p12");
        Process keytool =
                new ProcessBuilder(command(file)).redirectErrorStream(true).start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS) && keytool.exitValue() == 0)
                .isTrue();
        KeyStoreFile keys = new KeyStoreFile(file, new Secret(PASSWORD), "PKCS12");
        ThriftLimits limits = new TestLimits().login(SOON).make();
        gateway = new TestGateway(new NoAuthenticator(), limits, Optional.of(keys));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            trusted.load(in, PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        Socket socket = tls.getSocketFactory().createSocket("127.0.0.1", gateway.port());
        socket.setSoTimeout(TestGateway.TIMEOUT_MILLIS);
        neighbour = new Neighbour(TestGateway.sasl("PLAIN", null, "alice", "x", new TSocket(socket)));
    }

    private static List<String> command(Path file) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "gateway",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-validity",
                "9",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
    }

    @AfterEach
    void stop() {
        neighbour.close();
        gateway.close();
    }

    @Test
    void junkInTlsIsCutOff() throws Exception {
        Random random = new Random(99);
        for (int round = 0; round < 300; round++) {
            byte[] junk = new byte[1 + random.nextInt(300)];
            random.nextBytes(junk);
            junk[0] = 0x16; // a handshake
            if (round % 2 == 0 && junk.length > 5) {
                junk[1] = 3;
                junk[2] = (byte) (1 + random.nextInt(3));
                junk[3] = 0;
                junk[4] = (byte) random.nextInt(120);
            }
            try (Socket socket = gateway.socket()) {
                socket.getOutputStream().write(junk);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (java.net.SocketException e) {
                assertThat(e).as("round %s", round).hasMessageContaining("eset");
            }
            neighbour.isServed();
        }
        neighbour.noticedNothing();
    }

    @Test
    void aHandshakeThatIsNeverFinishedIsCutOff() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int client = 0; client < 100; client++) {
            Socket socket = gateway.socket();
            sockets.add(socket);
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 1, 0, 1, 0, 0, (byte) 0xfc, 3, 3});
        }
        for (Socket socket : sockets) {
            neighbour.isServed();
            socket.getInputStream().readAllBytes();
            socket.close();
        }
        neighbour.noticedNothing();
    }

    @Test
    void whoDoesNotSpeakTlsIsToldSo() throws Exception {
        try (Socket socket = gateway.socket()) {
            socket.getOutputStream().write(Messages.login("alice", "x"));

            assertThat(Messages.saslAnswer(socket)).isEqualTo("3 This port speaks TLS only: add ssl=true to the URL");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        neighbour.isServed();
    }
}
