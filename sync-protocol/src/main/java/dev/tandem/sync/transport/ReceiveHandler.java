package dev.tandem.sync.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * Puts received datagrams into the worker's queue and wakes the worker once for each burst. Runs on
 * Netty's thread.
 */
final class ReceiveHandler extends SimpleChannelInboundHandler<DatagramPacket> {
    private final DatagramQueue queue;
    private final TroubleLog trouble;
    private final String tooLong;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong drops = new AtomicLong();
    private final AtomicLong truncated = new AtomicLong();
    private volatile Runnable wakeUp = () -> {};

    ReceiveHandler(DatagramQueue queue, String link) {
        this.queue = queue;
        tooLong = "message lost, longer than " + queue.length() + " bytes";
        trouble = new TroubleLog(LoggerFactory.getLogger(ReceiveHandler.class), link);
    }

    void onReceive(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    long received() {
        return received.get();
    }

    long errors() {
        return errors.get();
    }

    long drops() {
        return drops.get();
    }

    long truncated() {
        return truncated.get();
    }

    /**
     * The socket reads one byte more than a buffer holds, which tells a cut datagram from a full
     * one.
     */
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        ByteBuf content = packet.content();
        int length = content.readableBytes();
        if (length > queue.length()) {
            truncated.incrementAndGet();
            trouble.warn(tooLong, packet.sender(), System.nanoTime());
            return;
        }
        ByteBuffer buffer = queue.claim(0);
        if (buffer == null) {
            drops.incrementAndGet();
            trouble.warn("message lost, the worker is behind", packet.sender(), System.nanoTime());
            return;
        }
        content.readBytes(buffer.limit(length));
        queue.put(buffer.flip());
        received.incrementAndGet();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        wakeUp.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        errors.incrementAndGet();
        trouble.warn("cannot receive", cause, System.nanoTime());
    }
}
