package dev.tandem.tools;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their contents; a column whose title begins with '>' is aligned right. */
public final class TextTable {
    private final List<String> titles;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... titles) {
        this.titles = List.of(titles);
        rows.add(this.titles.stream().map(title -> title.replace(">", "")).toList());
    }

    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    public void print(PrintWriter out) {
        int[] widths = new int[titles.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                boolean right = titles.get(i).startsWith(">");
                line.append(right ? padding + row.get(i) : row.get(i) + padding).append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
