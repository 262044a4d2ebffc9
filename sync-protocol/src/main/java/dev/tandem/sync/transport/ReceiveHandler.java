package dev.tandem.sync.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;

/** One stream's socket: puts what it receives into the inbox, and wakes the worker once a burst. */
final class ReceiveHandler extends SimpleChannelInboundHandler<DatagramPacket> {
    private final Inbox inbox;
    private final LinkSockets sockets;
    private final int stream;

    ReceiveHandler(Inbox inbox, LinkSockets sockets, int stream) {
        this.inbox = inbox;
        this.sockets = sockets;
        this.stream = stream;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        inbox.put(stream, packet, sockets);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        inbox.wakeWorker();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        inbox.error(cause);
    }
}
