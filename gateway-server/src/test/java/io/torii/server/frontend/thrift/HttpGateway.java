package io.torii.server.frontend.thrift;

import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.api.Secret;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Logins;
import io.torii.server.frontend.thrift.http.LoginCookies;
import io.torii.server.frontend.thrift.http.ThriftHttpServer;
import io.torii.server.frontend.thrift.http.ThriftHttpServerConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.thrift.TBase;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.TEndpointTransport;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransportException;

/** The HTTP frontend before fake sessions and statements, and requests to it. */
final class HttpGateway implements AutoCloseable {
    final FakeSessions sessions;
    final FakeStatements statements;
    private final HttpClient client = HttpClient.newHttpClient();
    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final ThriftHttpServer server;

    HttpGateway(Authenticator authenticator, ThriftLimits limits) throws IOException {
        this(authenticator, limits, new FakeSessions(), new FakeStatements());
    }

    /** Another gateway for the same sessions. */
    HttpGateway(Authenticator authenticator, ThriftLimits limits, FakeSessions sessions, FakeStatements statements)
            throws IOException {
        this.sessions = sessions;
        this.statements = statements;
        Clock clock = Clock.systemUTC();
        server = new ThriftHttpServer(
                new ThriftHttpServerConfig(
                        "127.0.0.1",
                        0,
                        "cliservice",
                        128,
                        limits.connections(),
                        limits.idle().isZero() ? Duration.ofSeconds(30) : limits.idle(),
                        Optional.empty()),
                loops,
                new HiveService(limits, "3.5.5", 10_000, new Logins(authenticator, clock), sessions, statements),
                new LoginCookies(new Secret("key"), "NONE", Duration.ofHours(1), clock));
        server.start();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    Socket socket() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(TestGateway.TIMEOUT_MILLIS);
        return socket;
    }

    /** A post as a Hive client makes it, to be changed. */
    HttpRequest.Builder post(byte[] message) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/cliservice"))
                .timeout(Duration.ofMillis(TestGateway.TIMEOUT_MILLIS))
                .header("Content-Type", "application/x-thrift")
                .POST(BodyPublishers.ofByteArray(message));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** A client of which each request comes over whatever connection there is. */
    TCLIService.Client hive(String user) throws TTransportException {
        return hive(user, this);
    }

    /** A client whose requests go to each of these gateways in turn. */
    static TCLIService.Client hive(String user, HttpGateway... gateways) throws TTransportException {
        return new TCLIService.Client(new TBinaryProtocol(new Exchanges(user, gateways)));
    }

    private static final class Exchanges extends TEndpointTransport {
        private final String user;
        private final HttpGateway[] gateways;
        private TMemoryBuffer request = new TMemoryBuffer(256);
        private TMemoryBuffer response = new TMemoryBuffer(0);
        private int turn;

        private Exchanges(String user, HttpGateway... gateways) throws TTransportException {
            super(new TConfiguration());
            this.user = user;
            this.gateways = gateways;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void open() {
            // each request says who it is from
        }

        @Override
        public void close() {
            // nothing is kept
        }

        @Override
        public int read(byte[] target, int start, int length) throws TTransportException {
            return response.read(target, start, length);
        }

        @Override
        public void write(byte[] source, int start, int length) {
            request.write(source, start, length);
        }

        @Override
        public void flush() throws TTransportException {
            HttpGateway gateway = gateways[turn++ % gateways.length];
            byte[] message = Arrays.copyOf(request.getArray(), request.length());
            request = new TMemoryBuffer(256);
            try {
                HttpResponse<byte[]> answer =
                        gateway.send(gateway.post(message).header("Authorization", basic(user, "x")));
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException(answer.statusCode() + " " + text(answer));
                }
                response = new TMemoryBuffer(answer.body().length);
                response.write(answer.body());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static byte[] call(String name, TBase<?, ?> arguments) throws TException {
        return Messages.call(name, 1, arguments);
    }
}
