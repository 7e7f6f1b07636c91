package io.torii.server.config;

import io.torii.api.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The directory that users and their groups are looked up in. Immutable. */
public record LdapConfig(
        @Doc("`ldaps://host:636` or `ldap://host:389`") Optional<URI> url,
        @Doc("Whether an `ldap://` connection is upgraded to TLS") @Default("false") boolean startTls,
        @Doc("Name to search with; not set, users are searched for anonymously") Optional<String> bindDn,
        @Doc("Password to search with") Optional<Secret> bindPassword,
        @Doc(
                        "Where a user is, if users need not be searched for; `{0}` is the name: `uid={0},ou=people,dc=example,dc=com`")
                Optional<String> userDnPattern,
        @Doc("Where users are searched for") @Default("\"\"") String userBase,
        @Doc("What a user looks like; `{0}` is the name") @Default("(uid={0})") String userFilter,
        @Doc("Where groups are; not set, nobody is in a group") @Default("\"\"") String groupBase,
        @Doc("What a user's group looks like; `{0}` is the name, `{1}` the distinguished name")
                @Default("(|(member={1})(uniqueMember={1})(memberUid={0}))")
                String groupFilter,
        @Doc("Attribute with the name of a group") @Default("cn") String groupNameAttribute,
        @Doc("Groups whose members may connect; empty admits every user") @Default("[]") List<String> allowedGroups,
        @Doc("How long one answer may take") @Default("5s") Duration timeout,
        @Doc("Connections to keep") @Default("8") int connections) {
    public LdapConfig {
        allowedGroups = List.copyOf(allowedGroups);
        new Checks()
                .that(
                        url.map(address -> address.getHost() != null
                                        && ("ldap".equals(address.getScheme()) || "ldaps".equals(address.getScheme())))
                                .orElse(true),
                        "url",
                        "is '" + url.map(URI::toString).orElse("") + "', expected ldap://host:389 or ldaps://host:636")
                .that(bindDn.isEmpty() || bindPassword.isPresent(), "bind-password", "is not set, but bind-dn is")
                .that(
                        userDnPattern.map(pattern -> pattern.contains("{0}")).orElse(true),
                        "user-dn-pattern",
                        "is '" + userDnPattern.orElse("") + "', expected a distinguished name with {0}")
                .that(userFilter.contains("{0}"), "user-filter", "is '" + userFilter + "', expected a filter with {0}")
                .that(
                        allowedGroups.isEmpty() || !groupBase.isBlank(),
                        "group-base",
                        "is not set, but allowed-groups is")
                .positive("timeout", timeout)
                .atLeast("connections", 1, connections)
                .done();
    }
}
