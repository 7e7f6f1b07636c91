package io.torii.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * HTTP/2 as both sides use it. Flow control is per stream alone: the window of the connection is as large as can be and
 * is refilled on arrival, so that a stream nobody reads holds back itself and no other. What a side keeps is bounded by
 * its open streams times their window.
 */
final class WirePipeline {
    private static final int WRITE_LOW = 512 * 1024;
    private static final int WRITE_HIGH = 1024 * 1024;
    private static final int MAX_STREAMS = 1 << 20;
    private static final int LARGEST_GATEWAY_HEADERS = 64 * 1024;
    private static final int LARGEST_ENGINE_HEADERS = 2 * WireProtocol.MAX_HEADER_LENGTH;

    private WirePipeline() {}

    static void server(Channel channel, WireOptions options, ChannelHandler streams, ChannelHandler connection) {
        Http2Settings settings = settings(options).maxHeaderListSize(LARGEST_GATEWAY_HEADERS);
        settings.maxConcurrentStreams(MAX_STREAMS);
        long grace = options.closeGrace().toMillis();
        install(
                channel,
                options,
                new CodecBuilder(true, settings, grace),
                new Http2MultiplexHandler(streams),
                connection);
    }

    static void client(Channel channel, WireOptions options, ChannelHandler connection) {
        Http2Settings settings = settings(options).maxHeaderListSize(LARGEST_ENGINE_HEADERS);
        settings.pushEnabled(false);
        Http2MultiplexHandler streams = new Http2MultiplexHandler(new RefusedStream());
        install(channel, options, new CodecBuilder(false, settings, 0), streams, connection);
    }

    /** Once the channel is active. */
    static void widen(Channel channel) {
        channel.writeAndFlush(
                new DefaultHttp2WindowUpdateFrame(Integer.MAX_VALUE - Http2CodecUtil.DEFAULT_WINDOW_SIZE),
                channel.voidPromise());
    }

    private static void install(
            Channel channel,
            WireOptions options,
            Http2FrameCodecBuilder codec,
            Http2MultiplexHandler streams,
            ChannelHandler connection) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config()
                .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(WRITE_LOW, WRITE_HIGH));
        ChannelPipeline pipeline = channel.pipeline();
        options.tls().ifPresent(tls -> pipeline.addLast(tls.newHandler(channel.alloc())));
        Http2FrameCodec http2 = codec.build();
        KeepAlive keepAlive = new KeepAlive(options.pingInterval(), options.deadAfter());
        pipeline.addLast(keepAlive, http2, new FrameGuard(), streams, connection);
    }

    private static Http2Settings settings(WireOptions options) {
        return new Http2Settings().initialWindowSize(options.streamWindow()).maxFrameSize(options.frameSize());
    }

    private static final class CodecBuilder extends Http2FrameCodecBuilder {
        CodecBuilder(boolean server, Http2Settings settings, long graceMillis) {
            Http2Connection connection = new DefaultHttp2Connection(server);
            connection
                    .local()
                    .flowController(new DefaultHttp2LocalFlowController(
                            connection, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
            connection(connection);
            initialSettings(settings);
            gracefulShutdownTimeoutMillis(graceMillis);
            // giving up a call is a reset, and a gateway may give up many; who is not authenticated is cut off soon
            decoderEnforceMaxRstFramesPerWindow(0, 0);
            encoderEnforceMaxRstFramesPerWindow(0, 0);
        }
    }
}
