package dev.tandem.tools.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.ForeignSetting;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.SettingsAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsCommandsTest {
    private final LiveSettings live = new LiveSettings(DirectorSettings.DEFAULT);
    private final SettingsCommands commands = new SettingsCommands("web", live);

    @Test
    void shouldListAllWithTheirValuesAndWhatAKernelHasBesides() throws ApiException {
        live.replace(live.now().with(Setting.DROP_ENTRY, 3));
        SettingsAnswer answer = commands.list(List.of());
        assertEquals("web", answer.cluster());
        assertEquals(Setting.values().length, answer.settings().size());
        assertEquals(ForeignSetting.values().length, answer.others().size());
        assertEquals(
                List.of(
                        new SettingsAnswer.Named(
                                "drop_entry", 3, 0, 0, 3, Setting.DROP_ENTRY.meaning())),
                answer.settings().stream().filter(s -> s.value() != s.byDefault()).toList());
    }

    @Test
    void shouldListThoseThatAreNamedInTheirOrder() throws ApiException {
        SettingsAnswer answer = commands.list(List.of("pmtu_disc", "net.ipv4.vs.am_droprate"));
        assertEquals(
                List.of("pmtu_disc", "am_droprate"),
                answer.settings().stream().map(SettingsAnswer.Named::name).toList());
        assertEquals(List.of(), answer.others());
    }

    @Test
    void shouldSetSeveralAtOnce() throws ApiException {
        Map<String, Long> wanted = new LinkedHashMap<>();
        wanted.put("net.ipv4.vs.secure_tcp", 1L);
        wanted.put("drop_entry", 2L);
        assertEquals(
                List.of("secure_tcp 1", "drop_entry 2"),
                commands.set(wanted).settings().stream()
                        .map(s -> s.name() + " " + s.value())
                        .toList());
        assertEquals(1, live.get(Setting.SECURE_TCP));
        assertEquals(2, live.get(Setting.DROP_ENTRY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "drop_entri | 1 | there is no setting 'drop_entri'; did you mean 'drop_entry'?",
                "teapot | 1 | there is no setting 'teapot'; `tandem settings' lists them",
                "net.ipv4.vs.conntrack | 1 | conntrack is no setting here: packets never pass the"
                        + " kernel's connection tracking",
                "sync_threshold | 3 | sync_threshold is no setting here: it is 'threshold' and"
                        + " 'period' of the block 'sync'",
                "drop_packet | 4 | drop_packet must be from 0 to 3, not 4",
                "timeout_udp | 0 | timeout_udp must be from 1 to 8589934, not 0",
                "amemthresh | 4294967296 | amemthresh must be from 0 to 2147483647, not 4294967296",
                "net.ipv4.vs.drop_entry | 2 | drop_entry is there twice"
            })
    void shouldSetNothingWhenOneIsRefused(String name, long value, String why) {
        Map<String, Long> wanted = new LinkedHashMap<>();
        wanted.put("drop_entry", 1L);
        wanted.put(name, value);
        ApiException refused = assertThrows(ApiException.class, () -> commands.set(wanted));
        assertEquals(400, refused.status());
        assertEquals("nothing was set: " + why, refused.getMessage());
        assertEquals(DirectorSettings.DEFAULT, live.now());
    }

    @Test
    void shouldNameEverythingThatIsWrong() {
        assertEquals(
                "there is no setting 'x'; `tandem settings' lists them; conn_max is no setting"
                        + " here: it is 'connections' of the block 'director'",
                assertThrows(ApiException.class, () -> commands.list(List.of("x", "conn_max")))
                        .getMessage());
    }
}
