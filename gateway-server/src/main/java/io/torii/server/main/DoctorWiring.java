package io.torii.server.main;

import io.torii.api.check.Check;
import io.torii.engine.local.LocalCheck;
import io.torii.engine.yarn.YarnCheck;
import io.torii.server.config.ClusterConfig;
import io.torii.server.config.GatewayConfig;
import io.torii.server.config.ThriftConfig;
import io.torii.server.doctor.HostCheck;
import io.torii.server.doctor.JavaCheck;
import io.torii.server.doctor.PortsCheck;
import io.torii.server.doctor.RunningGateway;
import io.torii.server.doctor.WorkDirectoryCheck;
import io.torii.server.store.sql.DatabaseCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the doctor looks at, in the order in which it is to be read: this host first, then each cluster. */
final class DoctorWiring {
    private static final long COMFORTABLE_BYTES = 2L << 30;

    private DoctorWiring() {}

    /**
     * The checks of an installation.
     *
     * @param clusters those to look at
     * @param user for whom a gateway shall try to act
     * @param scratch for files that are not needed afterwards
     */
    static List<Check> checks(
            GatewayConfig config,
            List<ClusterConfig> clusters,
            Optional<String> user,
            Installation installation,
            Path scratch) {
        Path workDirectory = installation.resolve(config.gateway().workDirectory());
        Optional<RunningGateway> running = WorkDirectory.owner(workDirectory)
                .map(pid -> new RunningGateway(pid, WorkDirectory.ports(workDirectory)));
        List<Check> checks = new ArrayList<>();
        checks.add(JavaCheck.own());
        checks.add(new WorkDirectoryCheck(
                workDirectory,
                WorkDirectory.LEAST_FREE_BYTES,
                COMFORTABLE_BYTES,
                System.getProperty("user.name"),
                running));
        checks.add(new PortsCheck(ports(config), running));
        boolean remote = config.clusters().stream().anyMatch(cluster -> cluster.type() == ClusterConfig.Type.YARN);
        int homePort = running.map(gateway -> gateway.ports().get("home"))
                .orElse(config.home().port());
        checks.add(new HostCheck(EngineWiring.homeOf(config.home(), homePort), remote));
        checks.add(new DatabaseCheck(
                Ground.databaseOf(config.store(), WorkDirectory.store(workDirectory)),
                running.map(gateway -> OptionalLong.of(gateway.pid())).orElseGet(OptionalLong::empty)));
        for (ClusterConfig cluster : clusters) {
            checks.add(
                    switch (cluster.type()) {
                        case LOCAL -> local(cluster, installation);
                        case YARN ->
                            new YarnCheck(
                                    YarnClusters.configOf(cluster, installation, scratch, List::of, "torii-doctor"),
                                    user);
                    });
        }
        return checks;
    }

    private static Check local(ClusterConfig cluster, Installation installation) {
        return new LocalCheck(
                cluster.name(),
                cluster.sparkHome().map(installation::resolve).orElseGet(installation::sparkHome),
                cluster.engineJar().map(installation::resolve).orElseGet(installation::engineJar),
                cluster.metastore().orElse("managed"));
    }

    private static List<PortsCheck.Port> ports(GatewayConfig config) {
        ThriftConfig thrift = config.thrift();
        List<PortsCheck.Port> ports = new ArrayList<>();
        ports.add(new PortsCheck.Port("thrift", "thrift", thrift.host(), thrift.port()));
        if (thrift.http().enabled()) {
            ports.add(new PortsCheck.Port(
                    "thrift-http",
                    "thrift.http",
                    thrift.http().hostOr(thrift.host()),
                    thrift.http().port()));
        }
        ports.add(new PortsCheck.Port(
                "home", "home", config.home().host(), config.home().port()));
        if (config.admin().enabled()) {
            ports.add(new PortsCheck.Port(
                    "admin", "admin", config.admin().host(), config.admin().port()));
        }
        return ports;
    }
}
