package dev.tandem.tools.daemon;

import dev.tandem.director.control.Director;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.ConfigText;
import dev.tandem.tools.config.ConfigEditor;
import dev.tandem.tools.config.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node's configuration file, with the services and settings as they are now. */
final class ConfigFile {
    private final @Nullable Path file;
    private final List<Cluster> clusters;

    /**
     * @param file null: the node has none
     */
    ConfigFile(@Nullable Path file, List<Cluster> clusters) {
        this.file = file;
        this.clusters = clusters;
    }

    /**
     * What the file would be.
     *
     * @throws ApiException 409 with the reason when it cannot be written so
     */
    ConfigText show() throws ApiException {
        if (file == null) {
            throw new ApiException(
                    409,
                    "this node runs without a configuration file; ipvsadm-save and"
                            + " ipvsadm-restore keep its services");
        }
        try {
            Path real = file.toRealPath();
            String text = Files.readString(real);
            String wanted = ConfigEditor.edit(real.toString(), text, clusters());
            return new ConfigText(real.toString(), !wanted.equals(text), wanted);
        } catch (ConfigException e) {
            throw new ApiException(
                    409, "what it runs with now cannot stand in it: " + e.getMessage());
        } catch (IOException e) {
            throw new ApiException(409, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Writes the file, whole or not at all.
     *
     * @throws ApiException 409 with the reason; the file is as it was then
     */
    synchronized ConfigText save() throws ApiException {
        ConfigText wanted = show();
        if (wanted.changed()) {
            try {
                replace(Path.of(wanted.file()), wanted.text());
            } catch (IOException e) {
                throw new ApiException(409, wanted.file() + " was not written: " + e.getMessage());
            }
        }
        return wanted;
    }

    private Map<String, ConfigEditor.Live> clusters() {
        Map<String, ConfigEditor.Live> live = new LinkedHashMap<>();
        for (Cluster cluster : clusters) {
            Director director = cluster.director();
            live.put(
                    cluster.name(),
                    new ConfigEditor.Live(
                            director.services().services(), director.settings().now()));
        }
        return live;
    }

    /** The new file has the owner, group and mode of the old one, and is on the disk before. */
    private static void replace(Path file, String text) throws IOException {
        Path aside = Path.of(file + ".new");
        Files.deleteIfExists(aside);
        PosixFileAttributes like = Files.readAttributes(file, PosixFileAttributes.class);
        try {
            Files.createFile(aside);
            PosixFileAttributeView view =
                    Files.getFileAttributeView(
                            aside, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            view.setPermissions(like.permissions());
            view.setOwner(like.owner());
            view.setGroup(like.group());
            Files.writeString(aside, text);
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
