package dev.tandem.tools.demo;

import dev.tandem.tools.demo.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;

/** How to look at a lab that was kept. */
final class Kept {
    private Kept() {}

    /**
     * The words for it.
     *
     * @param master the director that has the address now
     */
    static String how(Lab lab, String master) throws IOException {
        Path directory = lab.directory();
        return """
        The lab was left as it is. To look at it:
          ip netns exec %s ping -c 3 10.77.1.100
          ip netns exec %s bash
          tandem status --socket %s
          less %s
        To remove it:
          tandem demo --clean
        """
                .formatted(
                        lab.client().name(),
                        lab.director(master.equals("a") ? 0 : 1).name(),
                        directory.resolve(master + ".sock"),
                        directory.resolve(master + ".log"));
    }
}
