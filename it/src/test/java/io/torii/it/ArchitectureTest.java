package io.torii.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/architecture.md. */
@AnalyzeClasses(
        packages = {"io.torii.api", "io.torii.wire", "io.torii.router", "io.torii.engine.local", "io.torii.server"},
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WithoutTestJars.class})
class ArchitectureTest {
    /** What other modules' tests lend to these. */
    static final class WithoutTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar") && !location.contains("/test-jar/");
        }
    }

    @ArchTest
    static final ArchRule modulesAreFreeOfCycles =
            slices().matching("io.torii.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theApiKnowsOnlyTheJdk = noClasses()
            .that()
            .resideInAPackage("io.torii.api..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("io.torii.api..", "java..");

    @ArchTest
    static final ArchRule theWireKnowsNothingOfTheGateway = noClasses()
            .that()
            .resideInAPackage("io.torii.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.torii.api..", "io.torii.server..", "org.apache.spark..");

    @ArchTest
    static final ArchRule onlyTheWiringNamesImplementations = noClasses()
            .that()
            .resideInAPackage("io.torii.server..")
            .and()
            .resideOutsideOfPackage("io.torii.server.main..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.torii.engine.local..", "io.torii.router..");

    @ArchTest
    static final ArchRule thriftStaysAtItsTwoEdges = noClasses()
            .that()
            .resideInAPackage("io.torii.server..")
            .and()
            .resideOutsideOfPackages("io.torii.server.frontend.thrift..", "io.torii.server.engine.channel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.thrift..", "org.apache.hive..");

    @ArchTest
    static final ArchRule jettyStaysWhereHttpIsServed = noClasses()
            .that()
            .resideOutsideOfPackages("io.torii.server.admin..", "io.torii.server.frontend.thrift.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..");

    @ArchTest
    static final ArchRule micrometerStaysInMetrics = noClasses()
            .that()
            .resideOutsideOfPackage("io.torii.server.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule sessionsKnowNoFrontend = noClasses()
            .that()
            .resideInAnyPackage("io.torii.server.session..", "io.torii.server.engine..", "io.torii.server.store..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.torii.server.frontend..");

    @ArchTest
    static final ArchRule classesTakeValuesNotTheConfiguration = noClasses()
            .that()
            .resideInAPackage("io.torii.server..")
            .and()
            .resideOutsideOfPackages("io.torii.server.main..", "io.torii.server.config..")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("GatewayConfig");

    @ArchTest
    static final ArchRule onlyTheMainPrints =
            noClasses().that().resideOutsideOfPackage("io.torii.server.main..").should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule noBareExceptions = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    @ArchTest
    static final ArchRule logsGoThroughSlf4j = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule staticsDoNotChange =
            fields().that().areStatic().should().beFinal().because("state lives in objects that the wiring makes");
}
