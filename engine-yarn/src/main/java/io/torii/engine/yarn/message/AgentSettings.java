package io.torii.engine.yarn.message;

import java.util.Map;

/**
 * The first line that an agent reads.
 *
 * @param cluster its configured name, for messages
 * @param deployment the tag that all applications of these gateways have
 * @param engineJar the program of the engines, on this host
 * @param workDirectory the agent's own, for files that only it can read
 * @param staging where jars are kept on the cluster's file system; empty for {@code .torii} in the agent's home there
 * @param principal Kerberos's name of the agent; empty without
 * @param keytab its key's file; empty without
 * @param hadoop entries that the agent's own clients have besides the site files'
 */
public record AgentSettings(
        String cluster,
        String deployment,
        String engineJar,
        String workDirectory,
        String staging,
        String principal,
        String keytab,
        Map<String, String> hadoop) {}
