package io.torii.server.config;

import java.nio.file.Path;
import java.util.Optional;

/** How a YARN cluster is reached, and what the gateway may do there. Immutable. */
public record YarnConfig(
        @Doc("Directory with the cluster's core-site.xml, hdfs-site.xml and yarn-site.xml")
                Optional<Path> hadoopConfDir,
        @Doc("Queue of engines whose sessions do not say; not set, YARN's own default") Optional<String> queue,
        @Doc("`true`: engines run as their users, for whom the cluster must let the gateway act (hadoop.proxyuser.*);"
                        + " `false`: as the gateway's own user")
                @Default("true")
                boolean impersonation,
        @Doc("Directory on the cluster's file system for Torii's and Spark's jars, readable for all users; not set,"
                        + " .torii in the home of the gateway's user")
                Optional<String> stagingDirectory,
        @Doc("Kerberos principal of the gateway on this cluster, such as `torii/host@REALM`")
                Optional<String> principal,
        @Doc("The principal's keytab, a file that only the gateway can read") Optional<Path> keytab,
        @Doc(
                        "The `krb5.conf` for this cluster; not set, that of the gateway's Java, which is /etc/krb5.conf by default")
                Optional<Path> krb5Conf) {
    public YarnConfig {
        new Checks()
                .that(
                        principal.isPresent() == keytab.isPresent(),
                        principal.isPresent() ? "keytab" : "principal",
                        "is missing: principal and keytab go together")
                .that(
                        principal.isEmpty() || impersonation,
                        "impersonation",
                        "is false, expected true with a principal: users' code must not have the gateway's own tokens")
                .done();
    }
}
