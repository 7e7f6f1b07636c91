package io.torii.server.frontend.thrift;

import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Logins;
import java.io.IOException;
import java.net.Socket;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.TSaslClientTransport;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportException;

/** The frontend before fake sessions and statements, and clients for it. */
final class TestGateway implements AutoCloseable {
    static final int TIMEOUT_MILLIS = 10_000;
    static final ThriftLimits LIMITS = new TestLimits().make();

    final FakeSessions sessions = new FakeSessions();
    final FakeStatements statements = new FakeStatements();
    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final ThriftBinaryServer server;

    TestGateway(Authenticator authenticator) throws IOException {
        this(authenticator, LIMITS, Optional.empty());
    }

    TestGateway(Authenticator authenticator, ThriftLimits limits, Optional<KeyStoreFile> tls) throws IOException {
        server = new ThriftBinaryServer(
                new ThriftBinaryConfig("127.0.0.1", 0, 128, tls),
                loops,
                loops,
                new HiveService(
                        limits, "3.5.5", 10_000, new Logins(authenticator, Clock.systemUTC()), sessions, statements));
        server.start();
    }

    int port() {
        return server.port();
    }

    void stop() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    Socket socket() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** A client that has logged in. */
    TCLIService.Client sasl(String user, String password) throws Exception {
        return sasl("PLAIN", null, user, password, new TSocket("127.0.0.1", port(), TIMEOUT_MILLIS));
    }

    static TCLIService.Client sasl(
            String mechanism, String onBehalfOf, String user, String password, TTransport transport) throws Exception {
        CallbackHandler credentials = callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName(user);
                } else if (callback instanceof PasswordCallback secret) {
                    secret.setPassword(password.toCharArray());
                }
            }
        };
        TTransport sasl =
                new TSaslClientTransport(mechanism, onBehalfOf, "hive", "localhost", Map.of(), credentials, transport);
        try {
            sasl.open();
        } catch (TTransportException e) {
            sasl.close();
            throw e;
        }
        return new TCLIService.Client(new TBinaryProtocol(sasl));
    }

    /** A client without SASL. */
    TCLIService.Client plain() throws TTransportException {
        TSocket socket = new TSocket("127.0.0.1", port(), TIMEOUT_MILLIS);
        socket.open();
        return new TCLIService.Client(new TBinaryProtocol(socket));
    }
}
