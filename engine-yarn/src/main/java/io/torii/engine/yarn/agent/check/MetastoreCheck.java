package io.torii.engine.yarn.agent.check;

import io.torii.api.check.Finding;
import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.message.Subject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;

/** Whether the catalog of the cluster's engines answers, asked with the Hive classes of their Spark home. Thread-safe. */
final class MetastoreCheck {
    private static final String SUBJECT = Subject.METASTORE.words();
    private static final int CONNECT_MILLIS = 2_000;

    private final Login login;

    MetastoreCheck(Login login) {
        this.login = login;
    }

    Finding answers(Map<String, String> spark) throws AgentException {
        if (spark.getOrDefault("spark.sql.catalogImplementation", "in-memory").equals("in-memory")) {
            return Finding.ok(
                    SUBJECT, "none: tables are those of a session (metastore is none, or there is no hive-site.xml)");
        }
        try {
            return Client.answers(login, spark.getOrDefault("spark.hadoop.hive.metastore.uris", ""));
        } catch (NoClassDefFoundError missing) {
            return Finding.fail(
                    SUBJECT,
                    "Spark's home has no Hive (jars/hive-metastore-*.jar)",
                    "point spark-home at a Spark that was built with Hive, or set metastore to none");
        }
    }

    /** What cannot be loaded without Hive. */
    private static final class Client {
        static Finding answers(Login login, String given) throws AgentException {
            HiveConf hive = new HiveConf(MetastoreCheck.class);
            if (!given.isEmpty()) {
                hive.setVar(HiveConf.ConfVars.METASTOREURIS, given);
            }
            String uris = hive.getVar(HiveConf.ConfVars.METASTOREURIS).strip();
            if (uris.isEmpty()) {
                return Finding.fail(
                        SUBJECT,
                        "hive-site.xml names none (hive.metastore.uris), so that every engine would have a catalog of its"
                                + " own",
                        "set metastore to thrift://host:9083 or to none");
            }
            List<String> silent = new ArrayList<>();
            List<String> open = new ArrayList<>();
            for (String uri : uris.split("\\s*,\\s*")) {
                String problem = knock(uri);
                if (problem.isEmpty()) {
                    open.add(uri);
                } else {
                    silent.add(uri + " does not answer (" + problem + ")");
                }
            }
            if (open.isEmpty()) {
                throw AgentException.unreachable(String.join(", ", silent), null);
            }
            String found = open.get(0) + " answers and has " + databases(login, hive, open.get(0)) + " databases";
            return silent.isEmpty()
                    ? Finding.ok(SUBJECT, found)
                    : Finding.warn(
                            SUBJECT,
                            found + ", but " + String.join(", ", silent),
                            "start it, or take it out of the list");
        }

        private static int databases(Login login, HiveConf hive, String uri) throws AgentException {
            hive.setVar(HiveConf.ConfVars.METASTOREURIS, uri);
            hive.setIntVar(HiveConf.ConfVars.METASTORETHRIFTCONNECTIONRETRIES, 1);
            hive.setIntVar(HiveConf.ConfVars.METASTORETHRIFTFAILURERETRIES, 0);
            hive.set(HiveConf.ConfVars.METASTORE_CLIENT_CONNECT_RETRY_DELAY.varname, "1s");
            hive.set(HiveConf.ConfVars.METASTORE_CLIENT_SOCKET_TIMEOUT.varname, "5s");
            try {
                return login.as("", () -> {
                    HiveMetaStoreClient client = new HiveMetaStoreClient(hive);
                    try {
                        return client.getAllDatabases().size();
                    } finally {
                        client.close();
                    }
                });
            } catch (AgentException known) {
                throw known;
            } catch (Exception failure) {
                throw AgentException.refused(
                        uri + " is open, but does not answer as a metastore: " + Causes.sentence(failure), failure);
            }
        }

        private static String knock(String uri) {
            try (Socket socket = new Socket()) {
                URI address = URI.create(uri);
                if (address.getHost() == null || address.getPort() < 0) {
                    return "it is not thrift://host:port";
                }
                socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
                return "";
            } catch (IOException | IllegalArgumentException closed) {
                return Causes.sentence(closed);
            }
        }
    }
}
