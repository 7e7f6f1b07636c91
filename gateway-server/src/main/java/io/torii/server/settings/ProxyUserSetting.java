package io.torii.server.settings;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The setting by which a client asks, when it opens a session, to act for another user: its names, in any case. Pure. */
public final class ProxyUserSetting {
    private static final Set<String> NAMES = Set.of("hive.server2.proxy.user", "kyuubi.session.proxy.user");

    private ProxyUserSetting() {}

    /** @param key without a prefix */
    static boolean isNamed(String key) {
        return NAMES.contains(key.toLowerCase(Locale.ROOT));
    }

    /** The user that the settings ask for; empty if they do not ask. Fails with SETTING_INVALID if they ask for two. */
    public static Optional<String> in(Map<String, String> sent) {
        Set<String> asked = new TreeSet<>();
        sent.forEach((key, value) -> {
            if (isNamed(SettingKey.bare(key))) {
                asked.add(value.strip());
            }
        });
        if (asked.size() > 1) {
            throw new GatewayException(
                    ErrorCode.SETTING_INVALID,
                    "The settings ask to act for " + asked.size() + " users (expected: one hive.server2.proxy.user)");
        }
        return asked.stream().findFirst();
    }

    /** The other settings. */
    public static Map<String, String> without(Map<String, String> sent) {
        Map<String, String> rest = new HashMap<>(sent);
        rest.keySet().removeIf(key -> isNamed(SettingKey.bare(key)));
        return rest;
    }
}
