package dev.tandem.tools.bench.code;

import dev.tandem.director.control.MemoryDirector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One operation is one TCP segment of a known connection, 60 bytes or 74 of IPv6, taken from a
 * port's memory, rewritten and lined up on the other: everything but the kernel. Includes the copy
 * of the frame into the port.
 */
@State(Scope.Thread)
public class PathBenchmark {
    private final MemoryDirector path = new MemoryDirector();

    /** A client's segment to a masqueraded server: destination rewritten, both checksums mended. */
    @Benchmark
    @OperationsPerInvocation(MemoryDirector.BATCH)
    public long natToServer() {
        return path.turn(path.natRequest(), path.outside());
    }

    /** The server's segment back to the client: source rewritten, both checksums mended. */
    @Benchmark
    @OperationsPerInvocation(MemoryDirector.BATCH)
    public long natToClient() {
        return path.turn(path.natReply(), path.natSide());
    }

    /** A client's segment to a server of direct routing: TTL and link-level addresses only. */
    @Benchmark
    @OperationsPerInvocation(MemoryDirector.BATCH)
    public long directRouting() {
        return path.turn(path.drRequest(), path.outside());
    }

    /** As the first over IPv6. */
    @Benchmark
    @OperationsPerInvocation(MemoryDirector.BATCH)
    public long ipv6NatToServer() {
        return path.turn(path.natRequest6(), path.outside());
    }

    /** As the second over IPv6. */
    @Benchmark
    @OperationsPerInvocation(MemoryDirector.BATCH)
    public long ipv6NatToClient() {
        return path.turn(path.natReply6(), path.natSide());
    }

    /** A client's segment into an IPIP tunnel: an IPv4 header before it. */
    @Benchmark
    @OperationsPerInvocation(MemoryDirector.BATCH)
    public long tunnel() {
        return path.turn(path.tunnelRequest(), path.outside());
    }

    /** A client's datagram that is scheduled by itself: server chosen, entry made and ended. */
    @Benchmark
    @OperationsPerInvocation(MemoryDirector.BATCH)
    public long onePacket() {
        return path.turn(path.onePacketRequest(), path.outside());
    }

    @TearDown
    public void close() {
        path.close();
    }
}
