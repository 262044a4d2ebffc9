package dev.tandem.tools.config;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Setting;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * Writes settings into the lines of a configuration file. A setting that the file has keeps its
 * line and gets its value there; of the others those are added that differ from the default.
 */
final class SettingsEditor {
    private SettingsEditor() {}

    /**
     * Changes the lines of one cluster.
     *
     * @param cluster where it stands in these lines
     * @param present what the file says
     */
    static void edit(
            MappingNode cluster,
            List<String> lines,
            DirectorSettings present,
            DirectorSettings wanted) {
        if (wanted.equals(present)) {
            return;
        }
        String indent = " ".repeat(TextNodes.startColumn(cluster));
        for (NodeTuple tuple : cluster.getValue()) {
            if (TextNodes.key(tuple.getKeyNode()).equals("settings")) {
                if (tuple.getValueNode() instanceof MappingNode block && !TextNodes.isFlow(block)) {
                    editBlock(block, lines, present, wanted);
                } else {
                    int first = TextNodes.startLine(tuple.getKeyNode());
                    int last = TextNodes.lastLine(tuple.getValueNode());
                    lines.subList(first, last + 1).clear();
                    lines.addAll(first, block(indent, wanted));
                }
                return;
            }
        }
        lines.addAll(TextNodes.lastLine(cluster) + 1, block(indent, wanted));
    }

    private static void editBlock(
            MappingNode block,
            List<String> lines,
            DirectorSettings present,
            DirectorSettings wanted) {
        Set<Setting> there = EnumSet.noneOf(Setting.class);
        for (NodeTuple tuple : block.getValue()) {
            Setting setting = Setting.named(TextNodes.key(tuple.getKeyNode())).orElseThrow();
            there.add(setting);
            if (wanted.get(setting) != present.get(setting)) {
                Node value = tuple.getValueNode();
                int at = TextNodes.startLine(value);
                String line = lines.get(at);
                lines.set(
                        at,
                        line.substring(0, TextNodes.startColumn(value))
                                + wanted.get(setting)
                                + line.substring(TextNodes.endColumn(value)));
            }
        }
        String indent = " ".repeat(TextNodes.startColumn(block));
        lines.addAll(TextNodes.lastLine(block) + 1, others(indent, wanted, there));
    }

    private static List<String> block(String indent, DirectorSettings wanted) {
        List<String> others = others(indent + "  ", wanted, Set.of());
        if (others.isEmpty()) {
            return List.of(indent + "settings: {}");
        }
        List<String> lines = new ArrayList<>();
        lines.add(indent + "settings:");
        lines.addAll(others);
        return lines;
    }

    /** Those that differ from the default, but for those that are there. */
    private static List<String> others(String indent, DirectorSettings wanted, Set<Setting> there) {
        List<String> lines = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            int value = wanted.get(setting);
            if (value != setting.byDefault() && !there.contains(setting)) {
                lines.add(indent + setting.kernelName() + ": " + value);
            }
        }
        return lines;
    }
}
