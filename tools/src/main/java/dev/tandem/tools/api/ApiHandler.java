package dev.tandem.tools.api;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the one request of a connection and closes it. */
final class ApiHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    /** For so long a client may go on sending what nobody wants to read. */
    private static final int LINGER_SECONDS = 2;

    private final ApiRoutes routes;
    private boolean asked;

    ApiHandler(ApiRoutes routes) {
        this.routes = routes;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (asked) {
            return;
        }
        asked = true;
        context.pipeline().remove(ReadTimeoutHandler.class);
        if (request.decoderResult().isFailure()) {
            send(context, 400, new ErrorAnswer("this is not HTTP/1.1"));
            return;
        }
        HttpMethod method = request.method();
        String uri = request.uri();
        byte[] body = ByteBufUtil.getBytes(request.content());
        Thread.ofVirtual()
                .name("tandem-api-" + uri)
                .start(() -> answer(context, method, uri, body));
    }

    private void answer(ChannelHandlerContext context, HttpMethod method, String uri, byte[] body) {
        try {
            send(context, 200, routes.answer(method, uri, body));
        } catch (ApiException e) {
            send(context, e.status(), new ErrorAnswer(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", method, uri, e);
            send(context, 500, new ErrorAnswer("the daemon failed: " + e));
        }
    }

    static void send(ChannelHandlerContext context, int status, Object answer) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(Json.compact(answer)));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        var _ =
                context.writeAndFlush(response)
                        .addListener((ChannelFutureListener) ApiHandler::closeOnceRead);
    }

    /**
     * Ends the answer, and closes when the client does. A socket that is closed with something
     * unread in it resets the connection, and the client would lose the answer.
     */
    private static void closeOnceRead(ChannelFuture sent) {
        Channel channel = sent.channel();
        var _ = ((DuplexChannel) channel).shutdownOutput();
        var _ =
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    var _ = channel.close();
                                },
                                LINGER_SECONDS,
                                SECONDS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof ReadTimeoutException)) {
            LOG.debug("a client's connection broke", cause);
        }
        var _ = context.close();
    }
}
