package io.torii.server.config;

import java.nio.file.Path;
import java.util.List;

/** Who may connect. Immutable. */
public record AuthenticationConfig(
        @Doc("`none` believes every name (development), `file` checks a users file, `ldap` asks a directory")
                @Default("none")
                Type type,
        @Doc("Allows `none` on an address that others can reach: anybody is then anyone they say they are")
                @Default("false")
                boolean openToNetworkWithoutPasswords,
        @Doc("For type file") UsersFile file,
        @Doc("For type ldap") LdapConfig ldap,
        @Doc("Who may act for whom, by `hive.server2.proxy.user`: a closed list, what is not on it is refused")
                @Default("[]")
                List<ProxyUserConfig> proxyUsers) {
    /** How users prove who they are. */
    public enum Type {
        NONE,
        FILE,
        LDAP
    }

    /** A file of names and bcrypt hashes. */
    public record UsersFile(
            @Doc("File with a line `name:hash[:group,group]` per user; make hashes with `torii hash-password`")
                    @Default("conf/users")
                    Path path) {
        public UsersFile {
            new Checks().filled("path", path.toString()).done();
        }
    }

    /** Where users are known: another text for another kind, file or directory. The same for all gateways that share them. */
    public String source() {
        return switch (type) {
            case NONE -> type.name();
            case FILE -> type.name() + " " + file.path();
            case LDAP -> type.name() + " " + ldap.url().orElseThrow();
        };
    }

    public AuthenticationConfig {
        proxyUsers = List.copyOf(proxyUsers);
        new Checks()
                .that(type != Type.LDAP || ldap.url().isPresent(), "ldap.url", "is not set, but type is ldap")
                .that(
                        type != Type.LDAP
                                || !ldap.userBase().isBlank()
                                || ldap.userDnPattern().isPresent(),
                        "ldap.user-base",
                        "is not set, but type is ldap without user-dn-pattern")
                .done();
    }
}
