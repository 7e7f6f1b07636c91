package io.torii.server.doctor;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

/** Whether this host knows its own name, and others can reach the address at which engines call home. */
public final class HostCheck implements Check {
    private static final String HOME = "home address";

    private final URI home;
    private final boolean remote;

    /**
     * @param home what engines are told
     * @param remote whether there are engines on other hosts
     */
    public HostCheck(URI home, boolean remote) {
        this.home = home;
        this.remote = remote;
    }

    @Override
    public String subject() {
        return "host name";
    }

    @Override
    public List<Finding> look() {
        return List.of(name(), home());
    }

    private Finding name() {
        try {
            InetAddress self = InetAddress.getLocalHost();
            return Finding.ok(subject(), self.getHostName() + " is " + self.getHostAddress());
        } catch (UnknownHostException unknown) {
            return Finding.fail(
                    subject(),
                    "this host does not know its own name: " + unknown.getMessage(),
                    "have it in the name service or in /etc/hosts");
        }
    }

    private Finding home() {
        try {
            InetAddress address = InetAddress.getByName(home.getHost());
            String found = home
                    + (home.getHost().equals(address.getHostAddress()) ? "" : ", which is " + address.getHostAddress());
            return remote && address.isLoopbackAddress()
                    ? Finding.warn(
                            HOME,
                            found + ": engines on other hosts cannot call home there",
                            "set home.host to 0.0.0.0 or to this host's address, or home.advertise to a URL that they reach")
                    : Finding.ok(HOME, found);
        } catch (UnknownHostException unknown) {
            return Finding.fail(
                    HOME,
                    home + ": the host '" + home.getHost() + "' is unknown",
                    "correct home.host or home.advertise");
        }
    }
}
