package io.torii.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;

/** A peer that speaks HTTP/2 but keeps to no handshake. */
final class RawGateway {
    private RawGateway() {}

    static WireConnection connect(NioEventLoopGroup loops, int port) throws InterruptedException {
        ClientConnection connection = new ClientConnection(
                "127.0.0.1:" + port, 1 << 20, new Handshake.Gateway("guess", Handshake.Versions.OURS));
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        WirePipeline.client(channel, WireOptions.defaults(), connection);
                    }
                })
                .connect("127.0.0.1", port)
                .sync();
        return connection;
    }
}
