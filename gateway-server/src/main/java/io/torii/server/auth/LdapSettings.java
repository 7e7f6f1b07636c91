package io.torii.server.auth;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where users and groups are in a directory. In patterns and filters {@code {0}} is the user's name and {@code {1}}, in the
 * group filter, the distinguished name. Immutable.
 *
 * @param url {@code ldaps://host:636} or {@code ldap://host:389}
 * @param startTls whether an {@code ldap://} connection is upgraded to TLS
 * @param userDnPattern {@code uid={0},ou=people,dc=example,dc=com}: present, users are not searched for
 * @param service who searches; empty: users are searched for anonymously, groups as the user who logs in
 * @param userBase where users are searched for
 * @param groupBase where groups are searched for; blank: nobody is in a group
 * @param allowedGroups of which a user must be in one; empty admits every user
 * @param timeout of connecting and of each answer
 */
public record LdapSettings(
        URI url,
        boolean startTls,
        Optional<String> userDnPattern,
        Optional<Service> service,
        String userBase,
        String userFilter,
        String groupBase,
        String groupFilter,
        String groupNameAttribute,
        List<String> allowedGroups,
        Duration timeout,
        int connections) {
    /** The account that searches. */
    public record Service(String dn, Secret password) {
        public Service {
            requireNonNull(dn, "dn");
            requireNonNull(password, "password");
        }
    }

    public LdapSettings {
        requireNonNull(url, "url");
        requireNonNull(userDnPattern, "userDnPattern");
        requireNonNull(service, "service");
        requireNonNull(userBase, "userBase");
        requireNonNull(userFilter, "userFilter");
        requireNonNull(groupBase, "groupBase");
        requireNonNull(groupFilter, "groupFilter");
        requireNonNull(groupNameAttribute, "groupNameAttribute");
        allowedGroups = List.copyOf(allowedGroups);
        requireNonNull(timeout, "timeout");
    }

    boolean isTls() {
        return "ldaps".equalsIgnoreCase(url.getScheme());
    }

    int port() {
        return url.getPort() > 0 ? url.getPort() : isTls() ? 636 : 389;
    }
}
