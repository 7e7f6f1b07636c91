package io.torii.server.auth;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds users and their groups in a directory. Names are escaped before they come into a filter or a name. Immutable. */
final class LdapUsers {
    private static final Logger log = LoggerFactory.getLogger(LdapUsers.class);
    private static final Pattern NAMED_ATTRIBUTE = Pattern.compile("([A-Za-z][A-Za-z0-9-]*)=\\{0\\}");
    private static final int MAX_GROUPS = 2_000;

    /** @param names how the directory spells the user, where that is known */
    record Found(String dn, List<String> names) {}

    private final LdapSettings settings;
    private final String[] nameAttributes;

    LdapUsers(LdapSettings settings) {
        this.settings = settings;
        String pattern = settings.userDnPattern().orElse(settings.userFilter());
        if (!pattern.contains("{0}")) {
            throw new IllegalArgumentException("'" + pattern + "' does not say where the user's name goes ({0})");
        }
        Matcher matcher = NAMED_ATTRIBUTE.matcher(pattern);
        this.nameAttributes = matcher.results().map(found -> found.group(1)).toArray(String[]::new);
        try {
            Filter.create(settings.userFilter().replace("{0}", "x"));
            Filter.create(settings.groupFilter().replace("{0}", "x").replace("{1}", "x"));
        } catch (LDAPException e) {
            throw new IllegalArgumentException("An LDAP filter is not well-formed: " + e.getMessage(), e);
        }
    }

    /** The one entry of this user; empty if there is none, or more than one. */
    Optional<Found> find(String user, LDAPConnection connection) throws LDAPException {
        if (settings.userDnPattern().isPresent()) {
            String escaped = new RDN("cn", user).toString().substring("cn=".length());
            return Optional.of(new Found(settings.userDnPattern().get().replace("{0}", escaped), List.of()));
        }
        Filter filter = Filter.create(settings.userFilter().replace("{0}", Filter.encodeValue(user)));
        List<SearchResultEntry> entries =
                search(connection, new SearchRequest(settings.userBase(), SearchScope.SUB, filter, attributes()), 2);
        if (entries.size() > 1) {
            log.warn("more than one entry matches a user filter={}", filter);
        }
        return entries.size() == 1 ? Optional.of(found(entries.get(0))) : Optional.empty();
    }

    /**
     * The user's name as the directory spells it: directories do not care for case and spaces, but owners of sessions are
     * compared letter by letter.
     */
    String nameOf(String given, Found found, LDAPConnection connection) throws LDAPException {
        List<String> names = found.names();
        if (settings.userDnPattern().isPresent()) {
            names = ownEntry(found, connection).stream()
                    .flatMap(entry -> found(entry).names().stream())
                    .toList();
        }
        return names.stream()
                .filter(name -> plain(name).equals(plain(given)))
                .findFirst()
                .orElse(given);
    }

    /** Whether the directory has the entry: a name that was only put into the pattern may be nobody's. */
    boolean exists(Found found, LDAPConnection connection) throws LDAPException {
        return !ownEntry(found, connection).isEmpty();
    }

    private List<SearchResultEntry> ownEntry(Found found, LDAPConnection connection) throws LDAPException {
        return search(
                connection,
                new SearchRequest(
                        found.dn(), SearchScope.BASE, Filter.createPresenceFilter("objectClass"), attributes()),
                1);
    }

    private static String plain(String name) {
        return name.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /** Names of the groups this user is in; without those that nobody can write, since they might read as others. */
    Set<String> groupsOf(String user, String dn, LDAPConnection connection) throws LDAPException {
        if (settings.groupBase().isBlank()) {
            return Set.of();
        }
        Filter filter = Filter.create(
                settings.groupFilter().replace("{0}", Filter.encodeValue(user)).replace("{1}", Filter.encodeValue(dn)));
        SearchRequest request =
                new SearchRequest(settings.groupBase(), SearchScope.SUB, filter, settings.groupNameAttribute());
        Set<String> groups = new HashSet<>();
        for (SearchResultEntry entry : search(connection, request, MAX_GROUPS)) {
            String name = entry.getAttributeValue(settings.groupNameAttribute());
            if (name != null && name.chars().noneMatch(Character::isISOControl)) {
                groups.add(name);
            } else if (name != null) {
                log.warn("leaving out a group whose name has control characters dn={}", entry.getDN());
            }
        }
        return groups;
    }

    private String[] attributes() {
        return nameAttributes.length == 0 ? new String[] {SearchRequest.NO_ATTRIBUTES} : nameAttributes;
    }

    private Found found(SearchResultEntry entry) {
        List<String> names = Arrays.stream(nameAttributes)
                .map(entry::getAttributeValues)
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .toList();
        return new Found(entry.getDN(), names);
    }

    private List<SearchResultEntry> search(LDAPConnection connection, SearchRequest request, int limit)
            throws LDAPException {
        request.setSizeLimit(limit);
        request.setDerefPolicy(DereferencePolicy.NEVER);
        request.setTimeLimitSeconds((int) Math.max(1, settings.timeout().toSeconds()));
        try {
            SearchResult result = connection.search(request);
            return result.getSearchEntries();
        } catch (LDAPSearchException e) {
            if (e.getResultCode() == ResultCode.SIZE_LIMIT_EXCEEDED) {
                return e.getSearchEntries();
            }
            if (e.getResultCode() == ResultCode.NO_SUCH_OBJECT
                    || e.getResultCode() == ResultCode.INSUFFICIENT_ACCESS_RIGHTS) {
                log.warn("nothing can be found below {}: {}", request.getBaseDN(), e.getResultCode());
                return List.of();
            }
            throw e;
        }
    }
}
