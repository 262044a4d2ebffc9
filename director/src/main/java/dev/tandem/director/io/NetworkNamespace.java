package dev.tandem.director.io;

import java.io.IOException;

/** Named network namespaces, as ip-netns(8) keeps them. */
public final class NetworkNamespace {
    /** O_RDONLY | O_CLOEXEC (fcntl.h). */
    private static final int OPEN_FLAGS = 0x80000;

    /** CLONE_NEWNET (linux/sched.h): refuse a file that stands for another kind of namespace. */
    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /**
     * Moves the calling thread into {@code /run/netns/NAME} for the rest of its life. Sockets
     * opened by it from now on belong there, and stay there whoever uses them. Needs CAP_SYS_ADMIN.
     * Threads that it starts later inherit the namespace; a virtual thread must not call this, it
     * would move its carrier.
     */
    public static void enter(String name) throws IOException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot enter a network namespace");
        }
        int fd = Native.open("/run/netns/" + name, OPEN_FLAGS);
        try {
            Native.setns(fd, CLONE_NEWNET);
        } finally {
            Native.close(fd);
        }
    }
}
