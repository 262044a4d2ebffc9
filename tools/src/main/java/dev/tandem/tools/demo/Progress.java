package dev.tandem.tools.demo;

import java.io.PrintWriter;
import java.util.Locale;

/** Says what happens now, each line with the seconds since the start. */
public final class Progress {
    private final PrintWriter out;
    private final long startNs = System.nanoTime();

    public Progress(PrintWriter out) {
        this.out = out;
    }

    public void say(String what) {
        double seconds = (System.nanoTime() - startNs) / 1e9;
        out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, what);
        out.flush();
    }
}
