package io.torii.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.check.Finding;
import io.torii.server.doctor.PortsCheck.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PortsCheckTest {
    private static final long PID = ProcessHandle.current().pid();

    private ServerSocket socket;
    private Port taken;

    @BeforeEach
    void takeAPort() throws IOException {
        socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        taken = new Port("thrift", "thrift", "127.0.0.1", socket.getLocalPort());
    }

    @AfterEach
    void leaveIt() throws IOException {
        socket.close();
    }

    @Test
    void saysWhoHasAPort() {
        assertThat(lines(Optional.empty(), taken))
                .singleElement()
                .asString()
                .startsWith("FAIL port thrift: 127.0.0.1:" + taken.number() + " is taken by pid " + PID + " (/")
                .endsWith("/java); stop it, or set thrift.port to another (0 picks a free one)");
    }

    @Test
    void leavesTheRunningGatewayItsPorts() {
        RunningGateway published = new RunningGateway(4711, Map.of("thrift", taken.number()));
        RunningGateway starting = new RunningGateway(PID, Map.of());

        assertThat(lines(Optional.of(published), taken))
                .containsExactly("ok   port thrift: 127.0.0.1:" + taken.number()
                        + " is in use by the running gateway (pid 4711)");
        assertThat(lines(Optional.of(starting), taken))
                .containsExactly("ok   port thrift: 127.0.0.1:" + taken.number()
                        + " is in use by the running gateway (pid " + PID + ")");
    }

    @Test
    void doesNotTakeThePortItself() throws IOException {
        socket.close();

        assertThat(lines(Optional.empty(), taken))
                .containsExactly("ok   port thrift: 127.0.0.1:" + taken.number() + " is free");
        socket = new ServerSocket(taken.number(), 1, InetAddress.getByName("127.0.0.1"));
        assertThat(socket.isBound()).isTrue();
    }

    @Test
    void acceptsAnyPort() {
        assertThat(lines(
                        Optional.empty(),
                        new Port("home", "home", "127.0.0.1", 0),
                        new Port("admin", "admin", "127.0.0.1", 0)))
                .containsExactly(
                        "ok   port home: any free one of 127.0.0.1", "ok   port admin: any free one of 127.0.0.1");
    }

    @Test
    void wantsADifferentPortForEverything() throws IOException {
        socket.close();
        Port admin = new Port("admin", "admin", "127.0.0.1", taken.number());

        assertThat(lines(Optional.empty(), taken, admin))
                .last()
                .isEqualTo("FAIL port admin: 127.0.0.1:" + taken.number()
                        + " is that of thrift.port, too; set admin.port to another");
    }

    @Test
    void wantsAnAddressOfThisHost() {
        assertThat(lines(Optional.empty(), new Port("home", "home", "203.0.113.1", 10_008)))
                .singleElement()
                .asString()
                .startsWith("FAIL port home: 203.0.113.1:10008 cannot be opened: ")
                .endsWith("; set home.host to an address of this host");
        assertThat(lines(Optional.empty(), new Port("home", "home", "gateway.invalid", 10_008)))
                .containsExactly("FAIL port home: the host 'gateway.invalid' is unknown; set home.host to an address of"
                        + " this host");
    }

    private static List<String> lines(Optional<RunningGateway> running, Port... ports) {
        return new PortsCheck(List.of(ports), running)
                .look().stream().map(Finding::line).toList();
    }
}
