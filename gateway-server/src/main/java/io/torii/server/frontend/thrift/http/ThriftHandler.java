package io.torii.server.frontend.thrift.http;

import io.netty.channel.EventLoopGroup;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Gives each request to an event loop of the gateway. Thread-safe. */
final class ThriftHandler extends Handler.Abstract.NonBlocking {
    private final ExchangeSetup setup;
    private final ConnectionGuard guard;
    private final EventLoopGroup loops;

    ThriftHandler(ExchangeSetup setup, ConnectionGuard guard, EventLoopGroup loops) {
        this.setup = setup;
        this.guard = guard;
        this.loops = loops;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ConnectionMetaData connection = request.getConnectionMetaData();
        guard.begun(connection);
        Callback end = Callback.from(() -> guard.ended(connection), callback);
        new Exchange(setup, loops.next(), request, response, end).begin();
        return true;
    }
}
