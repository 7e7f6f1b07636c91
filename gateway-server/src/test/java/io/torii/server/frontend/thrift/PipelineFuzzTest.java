package io.torii.server.frontend.thrift;

import io.torii.server.auth.NoAuthenticator;
import io.torii.server.frontend.thrift.fuzz.Counted;
import io.torii.server.frontend.thrift.fuzz.HostileInputs;
import io.torii.server.frontend.thrift.fuzz.HostileStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever a client sends, and however it arrives: no exception escapes, what is buffered is bounded, nothing leaks, the
 * answers can be read, and another client on the same port is served.
 */
class PipelineFuzzTest {
    private static final Pipeline OPEN = new Pipeline(new NoAuthenticator());
    private static final Pipeline LOCKED = new Pipeline(new OneUser());
    private static final Counted INPUTS = new Counted("the Thrift port");
    private static final UnexpectedFailures FAILURES = new UnexpectedFailures();

    @BeforeContainer
    static void listen() {
        FAILURES.start();
    }

    @AfterContainer
    static void stopListening() {
        FAILURES.stop();
        INPUTS.print();
    }

    @Property(tries = 4_000, edgeCases = EdgeCasesMode.NONE)
    void noClientCanHarmThePort(@ForAll("streams") HostileStream input) {
        check(OPEN, input);
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void noClientCanHarmAPortWithPasswords(@ForAll("streams") HostileStream input) {
        check(LOCKED, input);
    }

    @Tag("long")
    @Property(tries = 400_000, edgeCases = EdgeCasesMode.NONE)
    void noClientCanHarmThePortInTheLongRun(@ForAll("streams") HostileStream input) {
        check(OPEN, input);
    }

    @Tag("long")
    @Property(tries = 100_000, edgeCases = EdgeCasesMode.NONE)
    void noClientCanHarmAPortWithPasswordsInTheLongRun(@ForAll("streams") HostileStream input) {
        check(LOCKED, input);
    }

    private static void check(Pipeline pipeline, HostileStream input) {
        INPUTS.next();
        pipeline.check(input);
        FAILURES.assertNone();
    }

    @Provide
    Arbitrary<HostileStream> streams() {
        return HostileInputs.streams();
    }
}
