package dev.tandem.tools.daemon;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.director.conn.DefenceLevel;
import dev.tandem.director.control.DirectorStatus;
import dev.tandem.tools.api.Status;
import org.jspecify.annotations.Nullable;

/** What a status says of floods and of the host's stack. */
final class DefenceViews {
    /** From here on a mode does something. */
    private static final int ACTIVE = 2;

    private DefenceViews() {}

    static Status.Defence defence(DirectorStatus.DefenceStatus status, DirectorSettings set) {
        DefenceLevel level = status.level();
        return new Status.Defence(
                level.memoryLow(),
                strategy(set.get(Setting.DROP_ENTRY), level.dropEntry()),
                strategy(set.get(Setting.DROP_PACKET), level.dropPacket()),
                strategy(set.get(Setting.SECURE_TCP), level.secureTcp()),
                level.dropRate(),
                status.entriesForgotten(),
                status.connectionsRefused());
    }

    private static Status.Strategy strategy(int set, int mode) {
        return new Status.Strategy(set, mode, mode >= ACTIVE);
    }

    static Status.@Nullable Guard guard(DirectorStatus director) {
        return director.guard()
                .map(guard ->
                        new Status.Guard(
                                guard.on(),
                                guard.text(),
                                guard.addresses(),
                                guard.services(),
                                guard.servers(),
                                guard.failures()))
                .orElse(null);
    }
}
