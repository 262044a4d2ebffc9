package dev.tandem.tools.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the {@link Interop}: booted before the first of them, renewed before each, ended
 * after the last of all classes. A test that fails says what everybody knew, and leaves what was on
 * the sync segment in {@code target/interop}.
 */
final class InteropExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace STORE = Namespace.create(InteropExtension.class);
    private static final Path CAPTURES = Path.of("target/interop");

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Interop interop = interop(context);
        interop.renew();
        Path file = interop.directory().resolve("sync.pcap");
        context.getStore(STORE).put(Capture.class, Capture.start(interop.segments().wire(), file));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Interop interop = interop(context);
        Capture capture =
                Objects.requireNonNull(context.getStore(STORE).get(Capture.class, Capture.class));
        if (context.getExecutionException().isPresent()) {
            System.err.println(state(interop));
        }
        capture.close();
        if (context.getExecutionException().isPresent()) {
            keep(
                    capture,
                    context.getRequiredTestClass().getSimpleName()
                            + "-"
                            + context.getRequiredTestMethod().getName());
        }
        capture.delete();
        for (AutoCloseable resource : interop.kept()) {
            resource.close();
        }
        interop.kept().clear();
    }

    private static void keep(Capture capture, String name) throws IOException {
        Path kept = CAPTURES.resolve(name + ".pcap");
        Files.createDirectories(CAPTURES);
        Files.deleteIfExists(kept);
        Files.copy(capture.file(), kept);
        System.err.println("the sync segment during this test: " + kept.toAbsolutePath());
    }

    private static String state(Interop interop) throws IOException {
        var text = new StringBuilder();
        for (AutoCloseable resource : interop.kept()) {
            if (resource instanceof TandemDirector tandem) {
                text.append("--- ").append(tandem).append('\n').append(tandem.story());
            }
        }
        for (Guest guest : interop.guests()) {
            for (String namespace : new String[] {"d", "w"}) {
                text.append("--- kernel %s/%s%n".formatted(guest.name(), namespace));
                text.append(
                        guest.attempt(
                                        5,
                                        "exec ip netns exec %s sh -c 'ipvsadm -Ln; ipvsadm -Ln"
                                                        .formatted(namespace)
                                                + " --daemon; ipvsadm -Lnc'")
                                .output());
            }
            text.append("--- last of the kernel's log in guest ").append(guest.name());
            text.append('\n').append(guest.dmesg());
        }
        return text.toString();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Interop.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return interop(context);
    }

    private static Interop interop(ExtensionContext context) {
        return context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(Interop.class, _ -> boot(), Interop.class);
    }

    private static Interop boot() {
        try {
            return Interop.start();
        } catch (IOException e) {
            throw new IllegalStateException("the guests of the interop suite do not boot", e);
        }
    }
}
