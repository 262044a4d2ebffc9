package dev.tandem.tools;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar's manifest. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "tandem " + Objects.requireNonNullElse(version, "unpackaged"),
            "Java " + Runtime.version()
        };
    }
}
