package dev.tandem.tools.demo;

import dev.tandem.director.config.Forwarding;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.lab.Arbiter;

/**
 * What demo is wanted.
 *
 * @param connections 1 to 20000
 * @param rounds how often the fault happens, each time to a pair that is ready again; 1 to 1000
 * @param barMs what the median of the gaps must not exceed, in milliseconds
 * @param sync false for the control run, which must lose connections
 * @param hardening what is asked of sync messages
 * @param arbiter who decides between the directors
 * @param offloads see {@link dev.tandem.tools.demo.lab.LabPlan}
 * @param keep whether the lab is left as it is after the run
 */
record DemoOptions(
        Fault fault,
        int connections,
        int rounds,
        double barMs,
        Forwarding forwarding,
        boolean sync,
        Mode hardening,
        Arbiter arbiter,
        boolean offloads,
        boolean keep) {}
