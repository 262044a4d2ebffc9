package dev.tandem.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectorSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "amemthresh, 1024",
        "am_droprate, 10",
        "cache_bypass, 0",
        "conn_reuse_mode, 1",
        "drop_entry, 0",
        "drop_packet, 0",
        "secure_tcp, 0",
        "expire_nodest_conn, 0",
        "expire_quiescent_template, 0",
        "lblc_expiration, 86400",
        "lblcr_expiration, 86400",
        "nat_icmp_send, 0",
        "pmtu_disc, 1",
        "run_estimation, 1",
        "schedule_icmp, 0",
        "sloppy_tcp, 0",
        "sloppy_sctp, 0",
        "timeout_established, 900",
        "timeout_finwait, 120",
        "timeout_udp, 300"
    })
    void shouldHaveTheKernelsNamesAndDefaults(String name, int value) {
        Setting setting = Setting.named(name).orElseThrow();
        assertEquals(value, DirectorSettings.DEFAULT.get(setting));
    }

    @Test
    void shouldKnowEverySysctlOfTheKernelOnceAsOneOrTheOther() {
        Set<String> names = new HashSet<>();
        Arrays.stream(Setting.values()).forEach(s -> assertTrue(names.add(s.kernelName())));
        Arrays.stream(ForeignSetting.values()).forEach(s -> assertTrue(names.add(s.kernelName())));
        for (String name :
                List.of(
                        "amemthresh",
                        "am_droprate",
                        "backup_only",
                        "cache_bypass",
                        "conn_reuse_mode",
                        "conntrack",
                        "debug_level",
                        "drop_entry",
                        "drop_packet",
                        "secure_tcp",
                        "expire_nodest_conn",
                        "expire_quiescent_template",
                        "ignore_tunneled",
                        "lblc_expiration",
                        "lblcr_expiration",
                        "nat_icmp_send",
                        "pmtu_disc",
                        "run_estimation",
                        "schedule_icmp",
                        "sloppy_tcp",
                        "sloppy_sctp",
                        "snat_reroute",
                        "sync_persist_mode",
                        "sync_ports",
                        "sync_qlen_max",
                        "sync_refresh_period",
                        "sync_retries",
                        "sync_sock_size",
                        "sync_threshold",
                        "sync_version",
                        "est_cpulist",
                        "est_nice",
                        "conn_lfactor",
                        "svc_lfactor",
                        "conn_max")) {
            assertTrue(names.contains(name), name);
        }
    }

    @Test
    void shouldChangeOneValueAndLeaveTheOriginal() {
        DirectorSettings changed = DirectorSettings.DEFAULT.with(Setting.SECURE_TCP, 3);
        assertEquals(3, changed.get(Setting.SECURE_TCP));
        assertEquals(0, DirectorSettings.DEFAULT.get(Setting.SECURE_TCP));
        assertEquals("{secure_tcp=3}", changed.toString());
        assertEquals(DirectorSettings.DEFAULT, changed.with(Setting.SECURE_TCP, 0));
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        for (Setting setting : Setting.values()) {
            assertEquals(
                    setting.max(),
                    DirectorSettings.DEFAULT.with(setting, setting.max()).get(setting));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> DirectorSettings.DEFAULT.with(setting, setting.min() - 1));
        }
        assertEquals(
                "drop_entry must be from 0 to 3, not 4",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> DirectorSettings.DEFAULT.with(Setting.DROP_ENTRY, 4))
                        .getMessage());
        assertEquals(Optional.empty(), Setting.named("conntrack"));
    }

    @Test
    void shouldHaveATimeoutForEveryState() {
        assertEquals(2, DirectorSettings.DEFAULT.tcpTimeoutSeconds(0));
        assertEquals(120, DirectorSettings.DEFAULT.tcpTimeoutSeconds(10));
        assertEquals(2, DirectorSettings.DEFAULT.sctpTimeoutSeconds(0));
        assertEquals(900, DirectorSettings.DEFAULT.sctpTimeoutSeconds(8));
        assertEquals(61, DirectorSettings.DEFAULT.sctpTimeoutSeconds(13));
    }
}
