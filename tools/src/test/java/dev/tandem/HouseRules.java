package dev.tandem;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. Think hard about the layering of the house before changing this file. */
@AnalyzeClasses(packages = "dev.tandem", importOptions = DoNotIncludeTests.class)
class HouseRules {
    private static final String SYNC = "dev.tandem.sync..";
    private static final String DIRECTOR = "dev.tandem.director..";
    private static final String FAILOVER = "dev.tandem.failover..";
    private static final String TOOLS = "dev.tandem.tools..";

    @ArchTest
    static final ArchRule theWireKnowsNobody =
            noClasses()
                    .that()
                    .resideInAPackage(SYNC)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(DIRECTOR, FAILOVER, TOOLS);

    @ArchTest
    static final ArchRule theDirectorKnowsOnlyTheWire =
            noClasses()
                    .that()
                    .resideInAPackage(DIRECTOR)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(FAILOVER, TOOLS);

    @ArchTest
    static final ArchRule failoverKnowsTheDirectorByOneInterface =
            noClasses()
                    .that()
                    .resideInAPackage(FAILOVER)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            TOOLS,
                            "dev.tandem.director",
                            "dev.tandem.director.address..",
                            "dev.tandem.director.config..",
                            "dev.tandem.director.conn..",
                            "dev.tandem.director.forward..",
                            "dev.tandem.director.io..",
                            "dev.tandem.director.packet..",
                            "dev.tandem.director.route..",
                            "dev.tandem.director.sched..",
                            "dev.tandem.director.service..",
                            "dev.tandem.director.sync..")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("dev.tandem.director.control.Director");

    @ArchTest
    static final ArchRule pureCoresTouchNothingOutside =
            noClasses()
                    .that()
                    .resideInAnyPackage("dev.tandem.sync.wire..", "dev.tandem.failover.core..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.slf4j..",
                            "org.jgroups..",
                            "io.netty..",
                            "org.pcap4j..",
                            "java.net..",
                            "java.io..",
                            "java.nio.channels..");

    @ArchTest
    static final ArchRule pureCoresHaveNoClock =
            noClasses()
                    .that()
                    .resideInAnyPackage("dev.tandem.sync.wire..", "dev.tandem.failover.core..")
                    .should()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(java.time.Instant.class, "now")
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class);

    /** Reports are dated; nothing else of the failover knows what time it is. */
    @ArchTest
    static final ArchRule failoverDecidesNothingByTheWallClock =
            noClasses()
                    .that()
                    .resideInAPackage("dev.tandem.failover..")
                    .and()
                    .doNotHaveFullyQualifiedName("dev.tandem.failover.node.Commands")
                    .and()
                    .doNotHaveFullyQualifiedName("dev.tandem.failover.node.Order")
                    .should()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule onlyTheGroupKnowsJGroups =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.tandem.failover.group..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.jgroups..");

    @ArchTest
    static final ArchRule onlyTheCapturePackageKnowsLibpcap =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.tandem.sync.capture..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.pcap4j..");

    @ArchTest
    static final ArchRule onlyTheIoPackageMakesNativeCalls =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.tandem.director.io..")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.foreign.Linker");

    @ArchTest
    static final ArchRule theDirectorsRoomsHaveNoCircles =
            slices().matching("dev.tandem.director.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule failoversRoomsHaveNoCircles =
            slices().matching("dev.tandem.failover.(*)..").should().beFreeOfCycles();
}
