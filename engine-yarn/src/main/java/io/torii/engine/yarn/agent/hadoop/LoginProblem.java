package io.torii.engine.yarn.agent.hadoop;

import io.torii.engine.yarn.message.AgentSettings;
import java.util.List;
import java.util.function.Function;

/** Why Kerberos refuses a login, and what to do: Java's own words name neither the keytab nor the realm. Pure functions. */
final class LoginProblem {
    /** @param words what Java says, in any of the causes */
    private record Rule(List<String> words, Function<AgentSettings, String> sentence) {
        private boolean fits(Throwable failure) {
            return words.stream().anyMatch(text -> Causes.says(failure, text));
        }
    }

    private static final Rule NOBODY_TO_ASK = new Rule(
            List.of("locate default realm", "locate KDC", "find KDC", "get kdc"),
            settings -> configuration() + " does not name its realm and KDC; add them, or set krb5-conf");

    private static final List<Rule> RULES = List.of(
            new Rule(
                    List.of("Unable to obtain password"),
                    settings -> "there is no key for it in " + settings.keytab()
                            + "; set principal and keytab to a pair that belongs together"),
            new Rule(
                    List.of("Client not found", "(6)"),
                    settings -> "the KDC does not know it; correct principal, or have it created"),
            new Rule(
                    List.of("Checksum failed", "Pre-authentication information was invalid", "(24)", "(31)"),
                    settings -> "the KDC does not accept the key in " + settings.keytab()
                            + ", which is older or newer than its own; have the keytab exported again"),
            new Rule(
                    List.of("Clock skew", "(37)"),
                    settings -> "the clocks of this host and of the KDC differ by minutes; set them"),
            new Rule(
                    List.of("credentials have been revoked", "(18)", "(1)"),
                    settings -> "the KDC has locked it, or its time is over; have it unlocked"),
            new Rule(
                    List.of("encryption type", "(14)"),
                    settings -> "the KDC and " + settings.keytab()
                            + " have no kind of encryption in common; have the keytab exported again"),
            NOBODY_TO_ASK);

    private LoginProblem() {}

    static String of(AgentSettings settings, Throwable failure) {
        return RULES.stream()
                .filter(rule -> rule.fits(failure))
                .map(rule -> rule.sentence().apply(settings))
                .findFirst()
                .orElseGet(() -> Causes.isSilence(failure)
                        ? "no KDC answers (" + Causes.sentence(failure) + "); see that one runs where "
                                + configuration() + " says"
                        : Causes.sentence(failure));
    }

    /** Whether a KDC has answered, and does not want it. */
    static boolean isRefusal(Exception failure) {
        return !(failure instanceof IllegalArgumentException) // for want of a krb5.conf
                && !NOBODY_TO_ASK.fits(failure)
                && !Causes.isSilence(failure);
    }

    private static String configuration() {
        return System.getProperty("java.security.krb5.conf", "/etc/krb5.conf");
    }
}
