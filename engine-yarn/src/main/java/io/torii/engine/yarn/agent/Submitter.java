package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.AgentFailure;
import io.torii.engine.yarn.message.ApplicationRow;
import io.torii.launch.LaunchProperties;
import io.torii.launch.OwnFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.deploy.SparkSubmit;
import org.apache.spark.deploy.yarn.Client;
import org.apache.spark.deploy.yarn.ClientArguments;
import scala.Option;
import scala.Tuple4;
import scala.collection.Seq;

/**
 * What {@code spark-submit --deploy-mode cluster} does, without a process for each time: Spark's own code reads the settings
 * and speaks to YARN. Thread-safe.
 */
final class Submitter {
    private static final String LAUNCH_FILE = "torii-launch.properties";

    private final Applications applications;
    private final Login login;
    private final Staging staging;
    private final String deployment;
    private final Path workDirectory;

    Submitter(Applications applications, Login login, Staging staging, String deployment, Path workDirectory) {
        this.applications = applications;
        this.login = login;
        this.staging = staging;
        this.deployment = deployment;
        this.workDirectory = workDirectory;
    }

    /** A tag that is submitted again is looked up instead. */
    ApplicationRow submit(AgentCall.Submit call) throws AgentException {
        Optional<ApplicationRow> earlier = applications.find(call.tag()); // also finds out whether anybody answers
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Path directory = workDirectory.resolve(call.tag());
        try {
            OwnFiles.ensureDirectory(directory);
            Path launchFile = directory.resolve(LAUNCH_FILE);
            Path sparkFile = directory.resolve("spark.properties");
            OwnFiles.writeProperties(launchFile, call.launchFile());
            OwnFiles.writeProperties(sparkFile, settings(call));
            return login.asOwner(call.user(), () -> submit(call, launchFile, sparkFile));
        } catch (AgentException known) {
            throw known;
        } catch (Exception failure) {
            throw whatBecameOf(call, failure);
        } finally {
            delete(directory);
        }
    }

    private Map<String, String> settings(AgentCall.Submit call) throws AgentException {
        Map<String, String> settings = new TreeMap<>(call.spark());
        settings.put("spark.master", "yarn");
        settings.put("spark.submit.deployMode", "cluster");
        settings.put("spark.yarn.tags", deployment + "," + call.tag());
        settings.put("spark.yarn.maxAppAttempts", "1"); // a second driver would be one that nobody has launched
        settings.put("spark.yarn.submit.waitAppCompletion", "false");
        if (!settings.containsKey("spark.yarn.jars") && !settings.containsKey("spark.yarn.archive")) {
            settings.put("spark.yarn.archive", staging.spark());
        }
        if (settings.containsKey("spark.jars")) {
            settings.put("spark.jars", staged(settings.get("spark.jars")));
        }
        return settings;
    }

    private ApplicationRow submit(AgentCall.Submit call, Path launchFile, Path sparkFile) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--class",
                LaunchProperties.MAIN,
                "--properties-file",
                sparkFile.toString(),
                "--files",
                files(call, launchFile),
                staging.engine(),
                LAUNCH_FILE));
        SparkSubmit spark = new SparkSubmit();
        Tuple4<Seq<String>, Seq<String>, SparkConf, String> prepared =
                spark.prepareSubmitEnvironment(spark.parseArguments(arguments.toArray(String[]::new)), Option.empty());
        String[] clientArguments = new String[prepared._1().size()];
        prepared._1().copyToArray(clientArguments);
        SparkConf settings = prepared._3();
        for (String handedOver : List.of("spark.jars", "spark.files", "spark.archives")) {
            settings.remove(handedOver); // as spark.yarn.dist.*
        }
        Client client = new Client(new ClientArguments(clientArguments), settings, null);
        try {
            client.submitApplication();
            return new ApplicationRow(
                    call.tag(), client.getApplicationId().toString(), call.user(), "", "ACCEPTED", "", "", "");
        } finally {
            client.stop();
        }
    }

    /** Spark would upload jars of this host for each engine. */
    private String staged(String jars) throws AgentException {
        List<String> addresses = new ArrayList<>();
        for (String jar : jars.split(",", -1)) {
            String address = jar.strip();
            if (address.startsWith("/")) {
                addresses.add(staging.jar(Path.of(address)));
            } else if (address.startsWith("file:")) {
                addresses.add(staging.jar(Path.of(URI.create(address).getPath())));
            } else if (!address.isEmpty()) {
                addresses.add(address);
            }
        }
        return String.join(",", addresses);
    }

    private static String files(AgentCall.Submit call, Path launchFile) {
        String given = call.spark().getOrDefault("spark.files", "");
        return given.isEmpty() ? launchFile.toUri().toString() : given + "," + launchFile.toUri();
    }

    /** Spark fails before it has submitted, while it does, or after: the cluster knows. */
    private AgentException whatBecameOf(AgentCall.Submit call, Exception failure) {
        String sentence = Causes.sentence(failure);
        try {
            Optional<ApplicationRow> there = applications.find(call.tag());
            if (there.isEmpty()) {
                return AgentException.refused(sentence, failure);
            }
            String reason = there.get().alive() || there.get().diagnostics().isBlank()
                    ? sentence
                    : there.get().diagnostics().strip();
            return there.get().alive() && !(failure instanceof SparkException)
                    ? new AgentException(AgentFailure.Kind.UNKNOWN, sentence, failure)
                    : AgentException.refused(reason, failure);
        } catch (AgentException silent) {
            return new AgentException(AgentFailure.Kind.UNKNOWN, sentence, failure);
        }
    }

    private static void delete(Path directory) {
        try {
            OwnFiles.delete(directory);
        } catch (IOException left) {
            org.slf4j.LoggerFactory.getLogger(Submitter.class).warn("Cannot delete {}", directory, left);
        }
    }
}
