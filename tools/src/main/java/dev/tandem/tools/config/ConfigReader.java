package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.absolutePath;
import static dev.tandem.tools.config.Syntax.name;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads a node's configuration file. Touches nothing but the file and the key files that it names:
 * no name server, no interface, no socket, so that a file can be checked on any machine.
 */
public final class ConfigReader {
    /** struct sockaddr_un: 108 bytes with the terminating zero. */
    private static final int MAX_SOCKET_PATH = 107;

    private ConfigReader() {}

    /**
     * Reads and checks a file and its key files.
     *
     * @throws ConfigException with everything that is wrong in it
     * @throws IOException when it cannot be read
     */
    public static NodeConfig read(Path file) throws ConfigException, IOException {
        return read(file, KeyFiles::read);
    }

    /** As {@link #read(Path)}, for a host that does not have the keys; nothing to run with. */
    public static NodeConfig readWithoutKeys(Path file) throws ConfigException, IOException {
        return read(file, KeyFiles::skip);
    }

    private static NodeConfig read(Path file, KeyFiles.Source keys)
            throws ConfigException, IOException {
        try {
            return parse(file.toString(), Files.readString(file), keys);
        } catch (CharacterCodingException _) {
            throw new ConfigException(
                    List.of(new Problem(file.toString(), 1, "", "this is not UTF-8 text")));
        }
    }

    /** Reads and checks a text; {@code file} is the name that messages begin with. */
    static NodeConfig parse(String file, String text) throws ConfigException {
        return parse(file, text, KeyFiles::read);
    }

    private static NodeConfig parse(String file, String text, KeyFiles.Source keys)
            throws ConfigException {
        Problems problems = new Problems(file);
        try {
            Section root = Section.root(problems, YamlReader.read(text));
            boolean many = root.has("clusters");
            NodeConfig config = node(root, new KeyReader(keys));
            root.close();
            if (many) {
                for (int i = 0; i < config.clusters().size(); i++) {
                    String path = "clusters[" + i + "].";
                    new CrossChecks(problems, path).check(config.clusters().get(i));
                }
                new ClusterChecks(problems).check(config.clusters());
            } else {
                new CrossChecks(problems, "").check(config.clusters().getFirst());
            }
            problems.throwIfAny();
            return config;
        } catch (YamlReader.Refused e) {
            throw new ConfigException(
                    List.of(new Problem(file, e.line(), "", String.valueOf(e.getMessage()))));
        }
    }

    private static NodeConfig node(Section root, KeyReader keys) {
        String node = root.required("node", name());
        ClusterReader reader = new ClusterReader(node, keys);
        ApiConfig api =
                root.optionalBlock("api", ConfigReader::api)
                        .orElse(new ApiConfig(ApiConfig.DEFAULT_SOCKET, ApiConfig.DEFAULT_REPORTS));
        if (!root.has("clusters")) {
            return new NodeConfig(node, List.of(reader.only(root)), api);
        }
        Limits common =
                root.optionalBlock(
                                "director", section -> Limits.read(section, Limits.DEFAULT, false))
                        .orElse(Limits.DEFAULT);
        return new NodeConfig(
                node,
                root.blocks(
                        "clusters",
                        "clusters, each a block of its own addresses, services, sync and role",
                        section -> reader.oneOfMany(section, common)),
                api);
    }

    private static ApiConfig api(Section section) {
        return new ApiConfig(
                section.optional("socket", absolutePath(MAX_SOCKET_PATH), ApiConfig.DEFAULT_SOCKET),
                section.optional(
                        "reports", absolutePath(SyncReader.MAX_PATH), ApiConfig.DEFAULT_REPORTS));
    }
}
