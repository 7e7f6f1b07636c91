package io.torii.server.auth;

import io.torii.api.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings that suit {@link Directory}, but for what a test changes. Not thread-safe. */
final class DirectorySettings {
    private final int port;
    private String address = "ldap://localhost";
    private boolean startTls;
    private Optional<String> userDnPattern = Optional.empty();
    private Optional<LdapSettings.Service> service = Optional.empty();
    private String userFilter = "(uid={0})";
    private String groupBase = "ou=groups,dc=example,dc=com";
    private List<String> allowedGroups = List.of();
    private Duration timeout = Duration.ofSeconds(5);

    DirectorySettings(int port) {
        this.port = port;
    }

    LdapSettings build() {
        return new LdapSettings(
                URI.create(address + ':' + port),
                startTls,
                userDnPattern,
                service,
                "ou=people,dc=example,dc=com",
                userFilter,
                groupBase,
                "(|(member={1})(uniqueMember={1})(memberUid={0}))",
                "cn",
                allowedGroups,
                timeout,
                4);
    }

    /** @param schemeAndHost without a port */
    DirectorySettings address(String schemeAndHost) {
        address = schemeAndHost;
        return this;
    }

    DirectorySettings startTls() {
        startTls = true;
        return this;
    }

    DirectorySettings userDnPattern(String pattern) {
        userDnPattern = Optional.of(pattern);
        return this;
    }

    DirectorySettings service(String dn, String password) {
        service = Optional.of(new LdapSettings.Service(dn, new Secret(password)));
        return this;
    }

    DirectorySettings withoutService() {
        service = Optional.empty();
        return this;
    }

    DirectorySettings userFilter(String filter) {
        userFilter = filter;
        return this;
    }

    DirectorySettings groupBase(String base) {
        groupBase = base;
        return this;
    }

    DirectorySettings allowedGroups(String... groups) {
        allowedGroups = List.of(groups);
        return this;
    }

    DirectorySettings timeout(Duration limit) {
        timeout = limit;
        return this;
    }
}
