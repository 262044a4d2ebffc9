package dev.tandem.director.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Network namespaces of a test's own, with veth pairs between them; gone when closed, with
 * everything in them. Needs root and iproute2.
 */
public final class TestNamespaces implements AutoCloseable {
    private final String prefix = "tdio-" + ProcessHandle.current().pid() + "-";
    private final List<String> names = new ArrayList<>();

    /** Makes one, with IPv6 off so that only the test's own packets are seen. */
    public String add(String suffix) {
        String name = prefix + suffix;
        run("ip", "netns", "add", name);
        names.add(name);
        in(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        in(name, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
        in(name, "sysctl", "-qw", "net.ipv4.ip_forward=0");
        in(name, "ip", "link", "set", "lo", "up");
        return name;
    }

    /** The same with IPv6 as a host has it, but without waiting for duplicate addresses. */
    public String addWithIpv6(String suffix) {
        String name = add(suffix);
        in(name, "sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
        in(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0");
        in(name, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=0");
        return name;
    }

    /** A veth pair, both ends up. */
    public void connect(String name, String device, String otherName, String otherDevice) {
        run(
                "ip",
                "link",
                "add",
                device,
                "netns",
                name,
                "type",
                "veth",
                "peer",
                "name",
                otherDevice,
                "netns",
                otherName);
        in(name, "ip", "link", "set", device, "up");
        in(otherName, "ip", "link", "set", otherDevice, "up");
    }

    /** Runs a command line (words between blanks) in a namespace and returns what it printed. */
    public static String in(String name, String... command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
        words.addAll(List.of(command));
        return run(words.toArray(String[]::new));
    }

    public static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Calls on a thread of its own inside a namespace. */
    public static <T> T call(String name, Callable<T> task) throws Exception {
        FutureTask<T> future = start(name, task);
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Starts a thread inside a namespace. */
    public static <T> FutureTask<T> start(String name, Callable<T> task) {
        FutureTask<T> future =
                new FutureTask<>(() -> {
                    NetworkNamespace.enter(name);
                    return task.call();
                });
        Thread.ofPlatform().daemon().name("in " + name).start(future);
        return future;
    }

    public static String hardwareAddress(String name, String device) {
        return in(name, "cat", "/sys/class/net/" + device + "/address");
    }

    /** As {@link PacketPort#hardwareAddress} has it. */
    public static long parse(String hardwareAddress) {
        return Long.parseLong(hardwareAddress.replace(":", ""), 16);
    }

    @Override
    public void close() {
        names.forEach(name -> run("ip", "netns", "del", name));
    }
}
