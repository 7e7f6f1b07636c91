package io.torii.server.doctor;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the gateway can listen where it shall: ports are opened for a moment, unless the gateway that runs has them. */
public final class PortsCheck implements Check {
    private final List<Port> ports;
    private final Optional<RunningGateway> running;

    /**
     * One that the gateway listens on.
     *
     * @param name as a gateway publishes it
     * @param group the configuration's keys for host and port, without those two words
     */
    public record Port(String name, String group, String host, int number) {}

    public PortsCheck(List<Port> ports, Optional<RunningGateway> running) {
        this.ports = List.copyOf(ports);
        this.running = running;
    }

    @Override
    public String subject() {
        return "ports";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        Map<Integer, Port> earlier = new HashMap<>();
        for (Port port : ports) {
            Port same = port.number() == 0 ? null : earlier.putIfAbsent(port.number(), port);
            findings.add(
                    same == null
                            ? finding(port)
                            : Finding.fail(
                                    subject(port),
                                    place(port) + " is that of " + same.group() + ".port, too",
                                    "set " + port.group() + ".port to another"));
        }
        return findings;
    }

    private Finding finding(Port port) {
        String subject = subject(port);
        if (running.filter(gateway ->
                        Integer.valueOf(port.number()).equals(gateway.ports().get(port.name())))
                .isPresent()) {
            return Finding.ok(
                    subject,
                    place(port) + " is in use by " + running.orElseThrow().words());
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(port.host()), port.number()), 1);
            return Finding.ok(
                    subject, port.number() == 0 ? "any free one of " + port.host() : place(port) + " is free");
        } catch (UnknownHostException unknown) {
            return Finding.fail(
                    subject,
                    "the host '" + port.host() + "' is unknown",
                    "set " + port.group() + ".host to an address of this host");
        } catch (IOException refused) {
            String reason = String.valueOf(refused.getMessage());
            if (reason.contains("in use")) {
                return taken(port, PortHolder.of(port.number()));
            }
            return Finding.fail(
                    subject,
                    place(port) + " cannot be opened: " + reason,
                    reason.contains("assign")
                            ? "set " + port.group() + ".host to an address of this host"
                            : "set " + port.group() + ".port to one above 1023");
        }
    }

    /** A gateway that is starting has not published its ports yet. */
    private Finding taken(Port port, Optional<ProcessHandle> holder) {
        return running.filter(gateway ->
                        holder.filter(one -> one.pid() == gateway.pid()).isPresent())
                .map(gateway -> Finding.ok(subject(port), place(port) + " is in use by " + gateway.words()))
                .orElseGet(() -> Finding.fail(
                        subject(port),
                        place(port) + " is taken by "
                                + holder.map(PortsCheck::words).orElse("another program"),
                        "stop it, or set " + port.group() + ".port to another (0 picks a free one)"));
    }

    private static String subject(Port port) {
        return "port " + port.group();
    }

    private static String place(Port port) {
        return port.host() + ":" + port.number();
    }

    /** Without its arguments, which may hold what is not for others. */
    private static String words(ProcessHandle holder) {
        return "pid " + holder.pid()
                + holder.info().command().map(command -> " (" + command + ")").orElse("");
    }
}
