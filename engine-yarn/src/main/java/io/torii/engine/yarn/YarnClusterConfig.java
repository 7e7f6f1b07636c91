package io.torii.engine.yarn;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A YARN cluster. Immutable.
 *
 * @param name the cluster's configured name
 * @param deployment the tag that all applications of these gateways have, and nobody else's
 * @param hadoopConfiguration the directory with the cluster's site files
 * @param sparkHome a directory with {@code jars/}
 * @param engineJar the program of the engines
 * @param workDirectory for the agents' files and logs
 * @param gateways where engines call home; asked at every launch, since ports may be chosen late
 * @param queue where engines go whose sessions do not say; empty for YARN's default
 * @param settings of every engine: {@code spark.*} and {@code torii.engine.*}
 * @param staging where jars are kept on the cluster's file system; empty for {@code .torii} in the gateway's home there
 * @param login the gateway's Kerberos login
 * @param impersonation whether engines run as their users; else as the gateway
 * @param javaHome the Java that runs the agents
 * @param profiles what engines may be made by instead of the Spark and the settings here
 */
public record YarnClusterConfig(
        String name,
        String deployment,
        Path hadoopConfiguration,
        Path sparkHome,
        Path engineJar,
        Path workDirectory,
        Supplier<List<URI>> gateways,
        String queue,
        Map<String, String> settings,
        String staging,
        Optional<KerberosLogin> login,
        boolean impersonation,
        Path javaHome,
        List<Profile> profiles) {
    /**
     * Another Spark, or other settings.
     *
     * @param settings all of its engines', those that it shares with the cluster's included
     */
    public record Profile(String name, Path sparkHome, Path engineJar, Map<String, String> settings) {
        public Profile {
            requireNonNull(name, "name");
            sparkHome = sparkHome.toAbsolutePath().normalize();
            engineJar = engineJar.toAbsolutePath().normalize();
            settings = Map.copyOf(settings);
        }
    }

    /**
     * A service's name and the file with its key.
     *
     * @param realms Kerberos's configuration for this cluster; empty for that of the gateway's virtual machine, which is
     *     {@code /etc/krb5.conf} unless it was told otherwise
     */
    public record KerberosLogin(String principal, Path keytab, Optional<Path> realms) {
        public KerberosLogin {
            requireNonNull(principal, "principal");
            requireNonNull(keytab, "keytab");
            requireNonNull(realms, "realms");
        }
    }

    public YarnClusterConfig {
        requireNonNull(name, "name");
        requireNonNull(deployment, "deployment");
        requireNonNull(gateways, "gateways");
        requireNonNull(queue, "queue");
        requireNonNull(staging, "staging");
        requireNonNull(login, "login");
        hadoopConfiguration = hadoopConfiguration.toAbsolutePath().normalize();
        sparkHome = sparkHome.toAbsolutePath().normalize();
        engineJar = engineJar.toAbsolutePath().normalize();
        workDirectory = workDirectory.toAbsolutePath().normalize();
        javaHome = javaHome.toAbsolutePath().normalize();
        settings = Map.copyOf(settings);
        profiles = List.copyOf(profiles);
    }

    /** The same cluster for engines of this profile alone, whose agents have a directory of their own. */
    YarnClusterConfig of(Profile profile) {
        return new YarnClusterConfig(
                name,
                deployment,
                hadoopConfiguration,
                profile.sparkHome(),
                profile.engineJar(),
                workDirectory.resolve("profile-" + profile.name()),
                gateways,
                queue,
                profile.settings(),
                staging,
                login,
                impersonation,
                javaHome,
                List.of());
    }
}
