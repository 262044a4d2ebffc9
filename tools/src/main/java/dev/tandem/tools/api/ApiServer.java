package dev.tandem.tools.api;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The daemon's side of the API: HTTP/1.1 on a Unix socket of mode 0600, one request a connection.
 * One thread moves the bytes; each request is answered on a virtual thread of its own, so that one
 * which waits for a failover holds up nobody.
 */
public final class ApiServer implements AutoCloseable {
    /** Longest body that is read, in bytes. */
    static final int MAX_BODY = 64 << 10;

    private static final int READ_TIMEOUT_SECONDS = 10;

    private final SocketFile socket;
    private final EventLoopGroup group;

    private ApiServer(SocketFile socket, EventLoopGroup group) {
        this.socket = socket;
        this.group = group;
    }

    /**
     * Listens at a path and answers from there on.
     *
     * @throws IOException when it cannot, for instance because another daemon answers there
     */
    public static ApiServer open(Path path, ApiBackend backend) throws IOException {
        ApiRoutes routes = new ApiRoutes(backend);
        SocketFile socket = SocketFile.listen(path);
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("tandem-api", true), NioIoHandler.newFactory());
        new ServerBootstrap()
                .group(group)
                .channelFactory(() -> new NioServerDomainSocketChannel(socket.channel()))
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline()
                                        .addLast(new ReadTimeoutHandler(READ_TIMEOUT_SECONDS))
                                        .addLast(new HttpServerCodec())
                                        .addLast(new BodyLimit(MAX_BODY))
                                        .addLast(new ApiHandler(routes));
                            }
                        })
                .register()
                .syncUninterruptibly();
        return new ApiServer(socket, group);
    }

    /** Stops listening; requests that are being answered get up to a second. */
    @Override
    public void close() throws IOException {
        socket.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
