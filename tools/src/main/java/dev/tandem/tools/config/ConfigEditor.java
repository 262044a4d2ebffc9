package dev.tandem.tools.config;

import dev.tandem.director.config.VirtualServiceConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes services that were changed while the node ran into the text of its configuration file. All
 * lines but those of services stay as they are; so do those of services that have not changed, and
 * the comments above those that have.
 */
public final class ConfigEditor {
    private ConfigEditor() {}

    /**
     * The text with other services.
     *
     * @param file what the text's name is in messages
     * @param services of each cluster, by its name
     * @throws ConfigException when the text is no configuration, or would be none with these
     *     services, such as one whose address is not among the virtual ones
     * @throws IOException when the text is written in a way that cannot be edited
     */
    public static String withServices(
            String file, String text, Map<String, List<VirtualServiceConfig>> services)
            throws ConfigException, IOException {
        NodeConfig before = ConfigReader.parse(file, text);
        List<ServicesBlock> blocks =
                ServicesBlock.find(text)
                        .orElseThrow(() ->
                                new IOException(
                                        file
                                                + " has a cluster in braces on one line, which cannot"
                                                + " be edited; write a key on each line"))
                        .stream()
                        .sorted(Comparator.comparingInt(ServicesBlock::firstLine).reversed())
                        .toList();
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        for (ServicesBlock block : blocks) {
            List<VirtualServiceConfig> wanted = services.get(block.cluster());
            List<VirtualServiceConfig> present = of(before, block.cluster());
            if (wanted == null || wanted.equals(present)) {
                continue;
            }
            List<String> written = write(block, lines, present, wanted);
            lines.subList(block.firstLine(), block.lastLine() + 1).clear();
            lines.addAll(block.firstLine(), written);
        }
        String result = String.join("\n", lines);
        NodeConfig after = ConfigReader.parse(file, result);
        for (Map.Entry<String, List<VirtualServiceConfig>> each : services.entrySet()) {
            if (!of(after, each.getKey()).equals(each.getValue())) {
                throw new IOException(
                        file + " would not say the same of cluster " + each.getKey() + " again");
            }
        }
        return result;
    }

    private static List<VirtualServiceConfig> of(NodeConfig config, String cluster) {
        return config.clusters().stream()
                .filter(each -> each.name().equals(cluster))
                .findFirst()
                .map(each -> each.director().services())
                .orElse(List.of());
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
