package io.torii.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything that can be configured: {@code conf/torii.yaml} as one tree. Immutable, thread-safe. */
public record GatewayConfig(
        @Doc("The gateway itself") ProcessConfig gateway,
        @Doc("HiveServer2's Thrift protocol over TCP: where JDBC, Beeline, PyHive and impyla connect")
                ThriftConfig thrift,
        @Doc("Where engines call home, over HTTP") HomeConfig home,
        @Doc("Where administrators and their tools ask for health, metrics and status, over HTTP") AdminConfig admin,
        @Doc("Who may connect") AuthenticationConfig authentication,
        @Doc("Sessions") SessionConfig session,
        @Doc("Statements") StatementConfig statement,
        @Doc("The audit log: one line for every statement") AuditConfig audit,
        @Doc("What users may set") SettingsConfig settings,
        @Doc("How much of everything there may be; `0` is no limit") LimitsConfig limits,
        @Doc("The database that holds sessions, statements and engines") StoreConfig store,
        @Doc("Engines, on every cluster") EngineConfig engine,
        @Doc("Clusters that engines run on") @Default("[{name: local}]") List<ClusterConfig> clusters,
        @Doc("Where work runs") RouterConfig router) {
    public GatewayConfig {
        clusters = List.copyOf(clusters);
        Set<String> names = new HashSet<>();
        Checks checks = new Checks();
        for (ClusterConfig cluster : clusters) {
            checks.that(names.add(cluster.name()), "clusters", "has two clusters with the name " + cluster.name());
            checks.that(
                    cluster.type() != ClusterConfig.Type.LOCAL || gateway.profile() == ProcessConfig.Profile.DEV,
                    "clusters",
                    "has cluster " + cluster.name()
                            + " of type local, which runs users' code on the gateway's host and is"
                            + " refused unless gateway.profile is dev");
        }
        checks.that(
                        names.contains(router.defaultCluster()),
                        "clusters",
                        "has no cluster '" + router.defaultCluster() + "', which is router.default-cluster")
                .that(
                        authentication.type() != AuthenticationConfig.Type.NONE
                                || authentication.openToNetworkWithoutPasswords()
                                || openHost(thrift).isEmpty(),
                        "authentication.type",
                        "is none while "
                                + openHost(thrift)
                                        .map(open -> open.key() + " is " + open.host())
                                        .orElse("")
                                + ", which others can reach: choose file or ldap,"
                                + " listen on 127.0.0.1, or set authentication.open-to-network-without-passwords to true")
                .done();
    }

    /** What is allowed but dangerous: sentences without a full stop. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        boolean passwords = authentication.type() != AuthenticationConfig.Type.NONE;
        openHost(thrift)
                .filter(open -> passwords && !thrift.tls().enabled())
                .ifPresent(open -> warnings.add("Clients send passwords in clear to " + open.key() + " " + open.host()
                        + ", which others can reach: set thrift.tls.enabled to true"));
        if (admin.enabled() && !isLoopback(admin.host())) {
            warnings.add("Administrators' pages go in clear, and health and metrics to whoever asks, at admin.host "
                    + admin.host() + ", which others can reach: set it to 127.0.0.1, or let only your tools reach it");
        }
        boolean remote = clusters.stream().anyMatch(cluster -> cluster.type() == ClusterConfig.Type.YARN);
        if (remote && home.advertise().isEmpty() && isLoopback(home.host())) {
            warnings.add(
                    "Engines call home at " + home.host() + ", which those on other hosts cannot reach: set home.host"
                            + " to 0.0.0.0 or to this host's address");
        }
        authentication
                .ldap()
                .url()
                .filter(url -> authentication.type() == AuthenticationConfig.Type.LDAP)
                .filter(url -> "ldap".equals(url.getScheme())
                        && !authentication.ldap().startTls()
                        && !isLoopback(url.getHost()))
                .ifPresent(url -> warnings.add("Passwords go to " + url
                        + " in clear: use ldaps:// or set authentication.ldap.start-tls to true"));
        return warnings;
    }

    private record OpenHost(String key, String host) {}

    /** Which address others can reach, if any. */
    private static Optional<OpenHost> openHost(ThriftConfig thrift) {
        if (!isLoopback(thrift.host())) {
            return Optional.of(new OpenHost("thrift.host", thrift.host()));
        }
        return thrift.http()
                .host()
                .filter(host -> thrift.http().enabled() && !isLoopback(host))
                .map(host -> new OpenHost("thrift.http.host", host));
    }

    private static boolean isLoopback(String host) {
        try {
            return !host.isBlank() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
