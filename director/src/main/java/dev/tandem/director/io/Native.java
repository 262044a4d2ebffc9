package dev.tandem.director.io;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's system calls, bound once. Two kinds of methods:
 *
 * <ul>
 *   <li>Set-up calls throw an {@link IOException} with the call's name and the errno in words.
 *   <li>Calls of the loop ({@link #poll}, {@link #sendmmsg}, {@link #recv}, {@link #read}, {@link
 *       #write}) return what the call returned and never throw. All but {@link #recv} do without
 *       errno as long as nothing is refused: asking for it allocates 40 bytes per call until the
 *       last compiler has got to the caller.
 * </ul>
 *
 * <p>All are plain downcalls: "critical" ones would save 1.5 ns of a 170 ns system call and hold up
 * safepoints. Any thread may call; errno is captured per thread.
 */
public final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Where the linker leaves errno; a thread keeps its own as long as it lives. */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

    private static final MethodHandle SOCKET =
            bind("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = bind("bind", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            bind("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            bind("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MMAP =
            bind("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = bind("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle POLL =
            bindPlain("poll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SENDMMSG =
            bind("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle SENDMMSG_PLAIN =
            bindPlain("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle SEND =
            bind("send", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV =
            bind("recv", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle READ =
            bindPlain("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE =
            bindPlain("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle EVENTFD = bind("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = bind("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle IF_NAMETOINDEX = bind("if_nametoindex", JAVA_INT, JAVA_LONG);
    private static final MethodHandle SETNS = bind("setns", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SYSCALL =
            bindVariadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle IOCTL =
            bindVariadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle OPEN =
            bindVariadic("open", 2, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

    private static final int THIS_THREAD = 0;

    // linux/sched/types.h, struct sched_attr
    private static final int SCHED_ATTR_LENGTH = 48;
    private static final int SCHED_NICE_OFFSET = 16;
    private static final int SCHED_SLICE_OFFSET = 24;

    private Native() {}

    // ---- set-up calls: throw ----

    public static int socket(int family, int type, int protocol) throws IOException {
        try {
            return checked("socket", (int) SOCKET.invokeExact(state(), family, type, protocol));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    public static void bind(int fd, MemorySegment address) throws IOException {
        int length = (int) address.byteSize();
        try {
            checked("bind", (int) BIND.invokeExact(state(), fd, address.address(), length));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** Sets an int option. */
    public static void setOption(int fd, int level, int option, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            setOption(fd, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    public static void setOption(int fd, int level, int option, MemorySegment value)
            throws IOException {
        long address = value.address();
        int length = (int) value.byteSize();
        try {
            int result = (int) SETSOCKOPT.invokeExact(state(), fd, level, option, address, length);
            checked("setsockopt(" + level + ", " + option + ")", result);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** Reads an option of a fixed size into {@code value}. */
    public static void getOption(int fd, int level, int option, MemorySegment value)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long length = arena.allocateFrom(JAVA_INT, (int) value.byteSize()).address();
            long address = value.address();
            int result = (int) GETSOCKOPT.invokeExact(state(), fd, level, option, address, length);
            checked("getsockopt(" + level + ", " + option + ")", result);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** Maps {@code length} bytes; the address is chosen by the kernel. */
    public static long mmap(long length, int protection, int flags, int fd) throws IOException {
        try {
            return checked(
                    "mmap",
                    (long) MMAP.invokeExact(state(), 0L, length, protection, flags, fd, 0L));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    public static void munmap(long address, long length) throws IOException {
        try {
            checked("munmap", (int) MUNMAP.invokeExact(state(), address, length));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    public static int eventfd(int initial, int flags) throws IOException {
        try {
            return checked("eventfd", (int) EVENTFD.invokeExact(state(), initial, flags));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** The index of an interface of the calling thread's network namespace. */
    public static int interfaceIndex(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocateFrom(name).address();
            int index = (int) IF_NAMETOINDEX.invokeExact(state(), address);
            return checked("if_nametoindex(" + name + ")", index == 0 ? -1 : index);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    public static void ioctl(int fd, long request, MemorySegment argument) throws IOException {
        try {
            int result = (int) IOCTL.invokeExact(state(), fd, request, argument.address());
            checked("ioctl(0x" + Long.toHexString(request) + ")", result);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    public static int open(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocateFrom(path).address();
            return checked("open " + path, (int) OPEN.invokeExact(state(), address, flags, 0));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** Moves the calling thread into the namespace that {@code fd} stands for. */
    public static void setns(int fd, int namespaceType) throws IOException {
        try {
            checked("setns", (int) SETNS.invokeExact(state(), fd, namespaceType));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * Sets the nice value of the calling thread and how long it runs at a time, 100 us to 100 ms. A
     * kernel since 6.12 lets a thread that wakes up run before one of a longer slice; an older one
     * passes over the slice.
     */
    public static void schedule(int nice, long sliceNs) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wanted = arena.allocate(SCHED_ATTR_LENGTH, Long.BYTES);
            wanted.set(JAVA_INT, 0, SCHED_ATTR_LENGTH);
            wanted.set(JAVA_INT, SCHED_NICE_OFFSET, nice);
            wanted.set(JAVA_LONG, SCHED_SLICE_OFFSET, sliceNs);
            long result =
                    (long)
                            SYSCALL.invokeExact(
                                    state(), schedSetattr(), THIS_THREAD, wanted.address(), 0);
            checked("sched_setattr", (int) result);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** The call's number in asm/unistd.h: the C library of Debian 12 has no function for it. */
    private static long schedSetattr() throws IOException {
        String machine = System.getProperty("os.arch", "");
        return switch (machine) {
            case "amd64" -> 314;
            case "aarch64", "riscv64" -> 274;
            default -> throw new IOException("sched_setattr: its number is unknown for " + machine);
        };
    }

    /** Closes a descriptor; there is nothing to be done about a failure. */
    public static void close(int fd) {
        try {
            int _ = (int) CLOSE.invokeExact(state(), fd);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Sends one message, or throws. */
    public static void send(int fd, MemorySegment message) throws IOException {
        long address = message.address();
        try {
            checked("send", (long) SEND.invokeExact(state(), fd, address, message.byteSize(), 0));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    // ---- calls of the loop: return what happened ----

    /**
     * {@code pollfds} points at {@code count} struct pollfd; a negative timeout waits for ever.
     * Returns how many are ready, or -1: interrupted, or arguments that are wrong.
     */
    public static int poll(long pollfds, long count, int timeoutMs) {
        try {
            return (int) POLL.invokeExact(pollfds, count, timeoutMs);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code messages} points at {@code count} struct mmsghdr; returns how many were sent, or
     * {@code -errno} when not even the first was. It is refused twice then: the first call does not
     * ask for errno.
     */
    public static int sendmmsg(int fd, long messages, int count, int flags) {
        try {
            int sent = (int) SENDMMSG_PLAIN.invokeExact(fd, messages, count, flags);
            if (sent >= 0) {
                return sent;
            }
            MemorySegment state = state();
            sent = (int) SENDMMSG.invokeExact(state, fd, messages, count, flags);
            return sent < 0 ? -errno(state) : sent;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Returns the length received, or {@code -errno}. */
    public static long recv(int fd, long buffer, long capacity, int flags) {
        MemorySegment state = state();
        try {
            long result = (long) RECV.invokeExact(state, fd, buffer, capacity, flags);
            return result < 0 ? -errno(state) : result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Returns how much was read, or -1. */
    public static long read(int fd, long buffer, long capacity) {
        try {
            return (long) READ.invokeExact(fd, buffer, capacity);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Returns how much was written, or -1. */
    public static long write(int fd, long buffer, long length) {
        try {
            return (long) WRITE.invokeExact(fd, buffer, length);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- how it works ----

    private static MethodHandle bind(String name, ValueLayout result, ValueLayout... arguments) {
        return bind(name, FunctionDescriptor.of(result, arguments), capture());
    }

    private static MethodHandle bindPlain(
            String name, ValueLayout result, ValueLayout... arguments) {
        return bind(name, FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle bindVariadic(
            String name, int firstVariadic, ValueLayout result, ValueLayout... arguments) {
        return bind(
                name,
                FunctionDescriptor.of(result, arguments),
                capture(),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    private static MethodHandle bind(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private static Linker.Option capture() {
        return Linker.Option.captureCallState("errno");
    }

    private static MemorySegment state() {
        return STATE.get();
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static int checked(String call, int result) throws IOException {
        if (result < 0) {
            throw failure(call, errno(state()));
        }
        return result;
    }

    private static long checked(String call, long result) throws IOException {
        if (result < 0) {
            throw failure(call, errno(state()));
        }
        return result;
    }

    /** The exception for a failed call, for callers of those that return {@code -errno}. */
    public static IOException failure(String call, int errno) {
        return new NativeException(call, errno);
    }

    private static IOException rethrow(Throwable t) {
        return t instanceof IOException e ? e : new IOException(unexpected(t));
    }

    /** A downcall itself throws nothing but errors of the virtual machine. */
    private static AssertionError unexpected(Throwable t) {
        if (t instanceof Error e) {
            throw e;
        }
        return new AssertionError(t);
    }
}
