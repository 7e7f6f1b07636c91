package io.torii.server.auth.proxy;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may act for whom: a closed list. Names are compared letter by letter; whatever is not on the list is refused. Immutable,
 * thread-safe.
 */
public final class ProxyUsers {
    /** Written out, any host, user or group. */
    public static final String ANY = "*";

    /** Nobody may act for anybody else. */
    public static final ProxyUsers NONE = new ProxyUsers(List.of(), Set.of());

    private static final int MAX_NAME = 256;

    /**
     * One line of the list.
     *
     * @param login who has logged in
     * @param hosts where the connection may come from: addresses, blocks of them or {@link #ANY}
     * @param users for whom
     * @param groups for whoever is in one of them
     */
    public record Rule(String login, Set<String> hosts, Set<String> users, Set<String> groups) {
        public Rule {
            requireNonNull(login, "login");
            hosts = Set.copyOf(hosts);
            users = Set.copyOf(users);
            groups = Set.copyOf(groups);
        }

        private boolean isFrom(String address) {
            return hosts.contains(ANY)
                    || hosts.stream()
                            .flatMap(host -> AddressBlock.parse(host).stream())
                            .anyMatch(block -> block.contains(address));
        }
    }

    private final List<Rule> rules;
    private final Set<String> own;

    /** @param own the gateway's own users, here and on clusters, for whom nobody acts whose rule does not name them */
    public ProxyUsers(List<Rule> rules, Set<String> own) {
        this.rules = List.copyOf(rules);
        this.own = own.stream().map(ProxyUsers::plain).collect(Collectors.toUnmodifiableSet());
    }

    /** The lines for this login from there, whomever they let it act for. */
    List<Rule> of(String login, String address) {
        return rules.stream()
                .filter(rule -> rule.login().equals(login) && rule.isFrom(address))
                .toList();
    }

    /**
     * Whether this login may act from there for that user.
     *
     * @param groups the other user's; empty if nobody can tell
     */
    public boolean allow(String login, String address, String user, Set<String> groups) {
        return of(login, address).stream()
                .anyMatch(rule -> rule.users().contains(user)
                        || (!isOwn(user)
                                && (rule.users().contains(ANY)
                                        || (rule.groups().contains(ANY) && !groups.isEmpty())
                                        || groups.stream().anyMatch(rule.groups()::contains))));
    }

    /** Says no more than who asked: who exists, and what the list has, is nobody's business. */
    public static GatewayException refusal(String login, String address, String user, Optional<String> remark) {
        return new GatewayException(
                ErrorCode.SETTING_DENIED,
                "User " + login + " may not act for " + printable(user) + " from " + address
                        + remark.map(text -> " (" + text + ")").orElse("")
                        + "; an administrator can allow it in authentication.proxy-users");
    }

    private boolean isOwn(String user) {
        return own.contains(plain(user));
    }

    /** Hadoop takes what is before a host or realm for the user. */
    private static String plain(String user) {
        return user.split("[/@]", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Whether somebody may be called so. */
    static boolean isName(String user) {
        return !user.isBlank()
                && user.length() <= MAX_NAME
                && user.equals(user.strip())
                && user.chars().noneMatch(Character::isISOControl);
    }

    private static String printable(String user) {
        String text = user.length() > MAX_NAME ? user.substring(0, MAX_NAME) + "..." : user;
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
