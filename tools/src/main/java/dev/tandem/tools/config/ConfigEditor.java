package dev.tandem.tools.config;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.VirtualServiceConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * Writes what was changed while the node ran, services and settings, into the text of its
 * configuration file. All other lines stay as they are; so do those of services that have not
 * changed, the comments above those that have, and the comments beside settings.
 */
public final class ConfigEditor {
    private ConfigEditor() {}

    /** What can change of a cluster while it runs. */
    public record Live(List<VirtualServiceConfig> services, DirectorSettings settings) {}

    /**
     * The text as it would be for clusters as they are now.
     *
     * @param file what the text's name is in messages
     * @param clusters by their names
     * @throws ConfigException when the text is no configuration, or would be none with these
     *     services, such as one whose address is not among the virtual ones
     * @throws IOException when the text is written in a way that cannot be edited
     */
    public static String edit(String file, String text, Map<String, Live> clusters)
            throws ConfigException, IOException {
        NodeConfig before = ConfigReader.parse(file, text);
        List<ServicesBlock> blocks =
                ServicesBlock.find(text)
                        .orElseThrow(() ->
                                new IOException(
                                        file
                                                + " has a cluster in braces on one line, which cannot"
                                                + " be edited; write a key on each line"));
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        for (ServicesBlock block : blocks.reversed()) {
            Live now = clusters.get(block.cluster());
            Live present = live(before, block.cluster());
            if (now == null || now.services().equals(present.services())) {
                continue;
            }
            List<String> written = write(block, lines, present.services(), now.services());
            lines.subList(block.firstLine(), block.lastLine() + 1).clear();
            lines.addAll(block.firstLine(), written);
        }
        for (MappingNode mapping :
                TextNodes.clusters(String.join("\n", lines)).orElseThrow().reversed()) {
            String name = TextNodes.cluster(mapping);
            Live now = clusters.get(name);
            if (now != null) {
                SettingsEditor.edit(mapping, lines, live(before, name).settings(), now.settings());
            }
        }
        String result = String.join("\n", lines);
        NodeConfig after = ConfigReader.parse(file, result);
        for (Map.Entry<String, Live> each : clusters.entrySet()) {
            if (!live(after, each.getKey()).equals(each.getValue())) {
                throw new IOException(
                        file + " would not say the same of cluster " + each.getKey() + " again");
            }
        }
        return result;
    }

    /** What a file says of a cluster; of one that it has not, nothing. */
    private static Live live(NodeConfig config, String cluster) {
        return config.clusters().stream()
                .filter(each -> each.name().equals(cluster))
                .findFirst()
                .map(each -> new Live(each.director().services(), each.director().settings()))
                .orElse(new Live(List.of(), DirectorSettings.DEFAULT));
    }

    private static List<String> write(
            ServicesBlock block,
            List<String> lines,
            List<VirtualServiceConfig> present,
            List<VirtualServiceConfig> wanted) {
        List<String> written = new ArrayList<>();
        String indent = " ".repeat(block.column());
        if (wanted.isEmpty()) {
            written.add(indent + "services: []");
            return written;
        }
        written.add(block.isBlock() ? lines.get(block.firstLine()) : indent + "services:");
        Map<Object, List<String>> comments = new LinkedHashMap<>();
        Map<VirtualServiceConfig, List<String>> kept = new LinkedHashMap<>();
        int next = block.firstLine() + 1;
        for (int i = 0; i < block.items().size(); i++) {
            ServicesBlock.Lines item = block.items().get(i);
            comments.put(present.get(i).id(), lines.subList(next, item.first()));
            kept.put(present.get(i), lines.subList(item.first(), item.last() + 1));
            next = item.last() + 1;
        }
        String dashes = " ".repeat(block.itemColumn());
        for (VirtualServiceConfig service : wanted) {
            written.addAll(comments.getOrDefault(service.id(), List.of()));
            List<String> asItWas = kept.get(service);
            if (asItWas != null) {
                written.addAll(asItWas);
            } else {
                ServiceWriter.lines(service).forEach(line -> written.add(dashes + line));
            }
        }
        return written;
    }
}
