package io.torii.server.config;

import io.torii.server.auth.proxy.AddressBlock;
import io.torii.server.auth.proxy.ProxyUsers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One line of the list of those who may act for others. Immutable. */
public record ProxyUserConfig(
        @Doc("Who logs in, letter by letter as the login has it") @Default("''") String user,
        @Doc(
                        "Where the connection comes from: addresses (`10.1.2.3`), blocks of them (`10.1.0.0/16`), or `*` for anywhere")
                @Default("[]")
                List<String> hosts,
        @Doc("For whom, letter by letter, or `*` for anybody but the gateway's own user") @Default("[]")
                List<String> users,
        @Doc(
                        "For whoever is in one of these groups, or in any (`*`), where groups of users who have not logged in can be known:"
                                + " with a users file, or a directory that has a `bind-dn`")
                @Default("[]")
                List<String> groups) {
    public ProxyUserConfig {
        hosts = List.copyOf(hosts);
        users = List.copyOf(users);
        groups = List.copyOf(groups);
        String odd = hosts.stream()
                .filter(host ->
                        !host.equals(ProxyUsers.ANY) && AddressBlock.parse(host).isEmpty())
                .collect(Collectors.joining(", "));
        new Checks()
                .that(
                        !user.isBlank() && !user.contains(ProxyUsers.ANY),
                        "user",
                        "is '" + user + "', expected the name of one user who logs in")
                .that(!hosts.isEmpty(), "hosts", "is empty, expected addresses, or '*' for anywhere")
                .that(
                        odd.isEmpty(),
                        "hosts",
                        "has " + odd
                                + ", expected addresses, blocks such as 10.1.0.0/16 without bits beyond their length,"
                                + " or '*' for anywhere")
                .that(!users.isEmpty() || !groups.isEmpty(), "users", "is empty as groups is: expected one of them")
                .that(
                        Stream.concat(users.stream(), groups.stream())
                                .allMatch(name -> !name.isBlank()
                                        && (name.equals(ProxyUsers.ANY) || !name.contains(ProxyUsers.ANY))),
                        "users",
                        "or groups has a name that is empty or has '*' in it, expected names, or '*' alone for anybody")
                .done();
    }
}
