package dev.tandem.director.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.testing.Logged;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedulers from jars, made here as a user would make them: good ones, broken ones. */
class SchedulerCatalogTest {
    private static final String REGISTRATION =
            "META-INF/services/" + SchedulerProvider.class.getName();

    private final Logged logged = new Logged();

    @TempDir Path directory;

    @Test
    void shouldLoadTheExampleFromAJar() throws IOException {
        Path example = Path.of("examples", "scheduler");
        Path jar =
                jar(
                        "first.jar",
                        Files.readString(example.resolve("src/example/FirstProvider.java")),
                        Files.readString(example.resolve("resources").resolve(REGISTRATION)));

        try (URLClassLoader loader = loader(jar)) {
            SchedulerCatalog catalog = new SchedulerCatalog(logged).withProvidersOf(loader);
            Pool pool = new Pool(catalog.create("first", SchedulerContext.of(0)));
            pool.bind("D0 C5x B1 A9");

            assertEquals("BBB", pool.picks(3));
            pool.edit("C5");
            assertEquals("CCC", pool.picks(3));
            pool.edit("C0");
            pool.edit("B0");
            pool.edit("A9x");
            assertEquals("-", pool.picks(1));
            assertEquals(Map.of("first", 0L), catalog.failures());
            assertEquals(
                    List.of(
                            "INFO scheduler 'first' of example.FirstProvider in "
                                    + url(jar)
                                    + " is loaded"),
                    logged.lines());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "wlc, Tandem itself has the name",
        "'', a name has 1 to 15 printable ASCII characters",
        "sixteen-letters!, a name has 1 to 15 printable ASCII characters",
        "two words, a name has 1 to 15 printable ASCII characters",
        "none, and is not 'none'",
        "umläut, a name has 1 to 15 printable ASCII characters",
    })
    void shouldRefuseABadName(String name, String reason) throws IOException {
        Path jar = jar("bad.jar", provider("Bad", name, "return 0;"), "example.Bad");

        try (URLClassLoader loader = loader(jar)) {
            SchedulerCatalog catalog = new SchedulerCatalog(logged).withProvidersOf(loader);

            assertEquals(Map.of(), catalog.failures());
            assertEquals(1, logged.lines().size());
            String line = logged.lines().getFirst();
            assertTrue(line.startsWith("ERROR scheduler '" + name + "' of example.Bad in "), line);
            assertTrue(line.contains("is not loaded") && line.contains(reason), line);
        }
    }

    @Test
    void shouldGiveANameToTheFirstThatHasIt() throws IOException {
        Path one = jar("one.jar", provider("One", "mine", "return 0;"), "example.One");
        Path two = jar("two.jar", provider("Two", "mine", "return 1;"), "example.Two");

        try (URLClassLoader loader = loader(one, two)) {
            SchedulerCatalog catalog = new SchedulerCatalog(logged).withProvidersOf(loader);
            Pool pool = new Pool(catalog.create("mine", SchedulerContext.of(0)));
            pool.bind("B1 A1");

            assertEquals("B", pool.picks(1));
            assertEquals(
                    "ERROR scheduler 'mine' of example.Two in %s is not loaded: example.One in %s has the name"
                            .formatted(url(two), url(one)),
                    logged.lines().getLast());
        }
    }

    @Test
    void shouldGoOnBehindARegistrationThatIsBroken() throws IOException {
        Path missing = jar("missing.jar", "", "example.Missing");
        Path stranger =
                jar(
                        "stranger.jar",
                        "package example; public class No {}",
                        "example.No\nnot a name");
        Path good = jar("good.jar", provider("Good", "good", "return 0;"), "example.Good");

        try (URLClassLoader loader = loader(missing, stranger, good)) {
            SchedulerCatalog catalog = new SchedulerCatalog(logged).withProvidersOf(loader);

            assertEquals(Map.of("good", 0L), catalog.failures());
            assertTrue(logged.lines().getFirst().contains("example.Missing"));
        }
    }

    /** Whatever a user's pick does, the packet loop gets an answer. */
    @ParameterizedTest
    @CsvSource({
        "throw new IllegalStateException();",
        "throw new java.util.NoSuchElementException();",
        "throw new NoSuchMethodError();",
        "throw new AssertionError();",
        "'return pick(servers, flow, nowNs + 1);'",
        "return servers.length;",
        "return -2;",
    })
    void shouldTakeAFailingPickForNoServerAndCountIt(String body) throws IOException {
        Path jar = jar("failing.jar", provider("Failing", "failing", body), "example.Failing");

        try (URLClassLoader loader = loader(jar)) {
            SchedulerCatalog catalog = new SchedulerCatalog(logged).withProvidersOf(loader);
            Pool pool = new Pool(catalog.create("failing", SchedulerContext.of(0)));
            pool.bind("A1");

            assertEquals("-----", pool.picks(5));
            assertEquals(Map.of("failing", 5L), catalog.failures());
            // loaded, and the 1st, 2nd and 4th time
            assertEquals(4, logged.lines().size());
        }
    }

    @Test
    void shouldGoOnWhenASchedulerDoesNotTakeAChange() throws IOException {
        String body =
                """
                return 0; }
                @Override public void bound(Candidate[] servers) { throw new Error("no"); }
                @Override public void added(Candidate[] servers) { throw new RuntimeException(); }
                @Override public void edited(Candidate[] servers) { throw new RuntimeException(); }
                @Override public void removed(Candidate[] servers, int i) {
                    throw new RuntimeException();
                """;
        Path jar =
                jar(
                        "deaf.jar",
                        provider("Deaf", "deaf", body.replace("Error(", "AssertionError(")),
                        "example.Deaf");

        try (URLClassLoader loader = loader(jar)) {
            SchedulerCatalog catalog = new SchedulerCatalog(logged).withProvidersOf(loader);
            Pool pool = new Pool(catalog.create("deaf", SchedulerContext.of(0)));
            pool.add("A1");
            pool.add("B1");
            pool.edit("B2");
            pool.remove("A");

            assertEquals("BB", pool.picks(2));
            assertEquals(Map.of("deaf", 5L), catalog.failures());
        }
    }

    @Test
    void shouldSayWhoseSchedulerDoesNotStart() throws IOException {
        Path jar = jar("late.jar", provider("Late", "late", "return 0;"), "example.Late");

        try (URLClassLoader loader = loader(jar)) {
            SchedulerCatalog catalog = new SchedulerCatalog(logged).withProvidersOf(loader);
            var error =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> catalog.create("late", SchedulerContext.of(0x20)));

            assertEquals(
                    "scheduler 'late' of example.Late in "
                            + url(jar)
                            + " does not start: java.lang.UnsupportedOperationException: flag-3",
                    error.getMessage());
        }
    }

    private static String provider(String type, String name, String pick) {
        return """
        package example;
        import dev.tandem.director.sched.*;
        public class %s implements SchedulerProvider {
            @Override public String name() { return "%s"; }
            @Override public Scheduler create(SchedulerContext context) {
                if (context.has(SchedulerContext.FLAG_3)) {
                    throw new UnsupportedOperationException("flag-3");
                }
                return new Scheduler() {
                    @Override public int pick(Candidate[] servers, Flow flow, long nowNs) {
                        %s
                    }
                };
            }
        }
        """
                .formatted(type, name, pick);
    }

    private Path jar(String name, String source, String registration) throws IOException {
        Path classes = Files.createDirectories(directory.resolve(name + ".classes"));
        if (!source.isEmpty()) {
            String type = source.replaceAll("(?s).*public (?:final )?class (\\w+).*", "$1");
            Path file = Files.writeString(directory.resolve(type + ".java"), source);
            String classPath = Path.of(url(Scheduler.class)).toString();
            int result =
                    ToolProvider.getSystemJavaCompiler()
                            .run(
                                    null,
                                    null,
                                    OutputStream.nullOutputStream(),
                                    "-encoding",
                                    "UTF-8",
                                    "-cp",
                                    classPath,
                                    "-d",
                                    classes.toString(),
                                    file.toString());
            assertEquals(0, result, "javac of " + source);
        }
        Path services = classes.resolve(REGISTRATION);
        Files.createDirectories(services.resolveSibling("."));
        Files.writeString(services, registration);
        return pack(directory.resolve(name), classes);
    }

    private static Path pack(Path jar, Path content) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(content)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(content.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private static URI url(Class<?> type) {
        return URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
    }

    private static URLClassLoader loader(Path... jars) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(url(jar));
        }
        URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), Scheduler.class.getClassLoader());
        assertFalse(urls.isEmpty());
        return loader;
    }
}
