package dev.tandem.tools.sync;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code tandem sync}: the commands of the inspector. */
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        description = {
            "Look into the sync messages of LVS directors, from a capture file or an interface.",
            "Needs no daemon; understands what any Linux kernel's IPVS sends."
        },
        subcommands = {
            DumpCommand.class,
            TableCommand.class,
            StatsCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            DiffCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: tandem sync dump -i eth1"})
public final class SyncCommand {}
