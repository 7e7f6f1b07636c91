package io.torii.engine.yarn.agent.launch;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.agent.hadoop.Deadline;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.agent.watch.Applications;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.AgentFailure;
import io.torii.engine.yarn.message.AgentSettings;
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
import org.apache.hadoop.yarn.api.records.ApplicationId;
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
public final class Submitter {
    private static final String LAUNCH_FILE = "torii-launch.properties";

    private final Applications applications;
    private final Login login;
    private final Staging staging;
    private final AgentSettings agent;

    public Submitter(AgentSettings agent, Applications applications, Login login, Staging staging) {
        this.agent = agent;
        this.applications = applications;
        this.login = login;
        this.staging = staging;
    }

    /** A tag that is submitted again is looked up instead; what would come too late is not submitted. */
    public ApplicationRow submit(AgentCall.Submit call, Deadline deadline) throws AgentException {
        Optional<ApplicationRow> earlier = applications.find(call.tag()); // also finds out whether anybody answers
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Path directory = Path.of(agent.workDirectory(), call.tag());
        try {
            Map<String, String> settings = settings(call, deadline);
            String program = staging.engine(deadline);
            OwnFiles.ensureDirectory(directory);
            Path launchFile = directory.resolve(LAUNCH_FILE);
            Path sparkFile = directory.resolve("spark.properties");
            OwnFiles.writeProperties(launchFile, call.launchFile());
            OwnFiles.writeProperties(sparkFile, settings);
            ApplicationId id = login.asOwner(call.user(), () -> submitted(program, sparkFile, launchFile, deadline));
            applications.submitted(call.tag(), id);
            return new ApplicationRow(call.tag(), id.toString(), call.user(), "", "ACCEPTED", "", "", "");
        } catch (AgentException known) {
            throw known;
        } catch (Exception failure) {
            throw whatBecameOf(call, failure);
        } finally {
            delete(directory);
        }
    }

    private Map<String, String> settings(AgentCall.Submit call, Deadline deadline) throws AgentException {
        Map<String, String> settings = SparkSettings.of(call.spark());
        settings.put("spark.master", "yarn");
        settings.put("spark.submit.deployMode", "cluster");
        settings.put("spark.yarn.tags", agent.deployment() + "," + call.tag());
        settings.put("spark.yarn.maxAppAttempts", "1"); // a second driver would be one that nobody has launched
        settings.put("spark.yarn.submit.waitAppCompletion", "false");
        // else a cluster with access lists would not tell the agent what becomes of it, nor let it end it
        for (String list : List.of("spark.ui.view.acls", "spark.modify.acls")) {
            settings.merge(list, login.self().getShortUserName(), (given, ours) -> given + "," + ours);
        }
        if (!settings.containsKey("spark.yarn.jars") && !settings.containsKey("spark.yarn.archive")) {
            settings.put("spark.yarn.archive", staging.spark(deadline));
        }
        if (settings.containsKey("spark.jars")) {
            settings.put("spark.jars", staged(settings.get("spark.jars"), deadline));
        }
        return settings;
    }

    private static ApplicationId submitted(String program, Path sparkFile, Path launchFile, Deadline deadline)
            throws Exception {
        List<String> arguments = List.of(
                "--class", LaunchProperties.MAIN, "--properties-file", sparkFile.toString(), program, LAUNCH_FILE);
        SparkSubmit spark = new SparkSubmit();
        Tuple4<Seq<String>, Seq<String>, SparkConf, String> prepared =
                spark.prepareSubmitEnvironment(spark.parseArguments(arguments.toArray(String[]::new)), Option.empty());
        String[] forYarn = new String[prepared._1().size()];
        prepared._1().copyToArray(forYarn);
        ClientArguments clientArguments = new ClientArguments(forYarn);
        // the one kind of file that Spark gives to the driver alone: executors must not get the engine's secret
        clientArguments.primaryPyFile_$eq(launchFile.toUri().toString());
        SparkConf settings = prepared._3();
        for (String handedOver : List.of("spark.jars", "spark.files", "spark.archives")) {
            settings.remove(handedOver); // as spark.yarn.dist.*
        }
        if (deadline.isOver()) {
            throw AgentException.refused("its time was over before it could be submitted; try again", null);
        }
        Client client = new Client(clientArguments, settings, null);
        try {
            client.submitApplication();
            return client.getApplicationId();
        } finally {
            client.stop();
        }
    }

    /** Spark would upload jars of this host for each engine. */
    private String staged(String jars, Deadline deadline) throws AgentException {
        List<String> addresses = new ArrayList<>();
        for (String jar : jars.split(",", -1)) {
            String address = jar.strip();
            if (address.startsWith("/")) {
                addresses.add(staging.jar(Path.of(address), deadline));
            } else if (address.startsWith("file:")) {
                addresses.add(staging.jar(Path.of(URI.create(address).getPath()), deadline));
            } else if (!address.isEmpty()) {
                addresses.add(address);
            }
        }
        return String.join(",", addresses);
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
                    ? unknown(sentence, failure)
                    : AgentException.refused(reason, failure);
        } catch (AgentException silent) {
            return unknown(sentence, failure);
        }
    }

    private static AgentException unknown(String sentence, Exception failure) {
        return new AgentException(AgentFailure.Kind.UNKNOWN, sentence, failure);
    }

    private static void delete(Path directory) {
        try {
            OwnFiles.delete(directory);
        } catch (IOException left) {
            org.slf4j.LoggerFactory.getLogger(Submitter.class).warn("Cannot delete {}", directory, left);
        }
    }
}
