package io.torii.engine.yarn.agent.check;

import static io.torii.engine.yarn.message.Subject.CLOCK;
import static io.torii.engine.yarn.message.Subject.FILES;
import static io.torii.engine.yarn.message.Subject.FILES_PROXY;
import static io.torii.engine.yarn.message.Subject.LOGIN;
import static io.torii.engine.yarn.message.Subject.MANAGER;
import static io.torii.engine.yarn.message.Subject.MANAGER_PROXY;
import static io.torii.engine.yarn.message.Subject.MEMORY;
import static io.torii.engine.yarn.message.Subject.METASTORE;
import static io.torii.engine.yarn.message.Subject.QUEUE;
import static io.torii.engine.yarn.message.Subject.STAGING;
import static io.torii.engine.yarn.message.Subject.SUBMISSION;

import io.torii.api.check.Finding;
import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.agent.hadoop.ResourceManager;
import io.torii.engine.yarn.agent.hadoop.Web;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.AgentSettings;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.security.UserGroupInformation;

/** Looks whether engines could run on the cluster, and what to do if not. Blocks; changes nothing. Thread-safe. */
public final class Checks {
    private static final Duration EACH = Duration.ofSeconds(10);

    private final AgentSettings settings;
    private final Login login;
    private final ResourceManager manager;
    private final Web web;

    public Checks(AgentSettings settings, Login login, ResourceManager manager, Web web) {
        this.settings = settings;
        this.login = login;
        this.manager = manager;
        this.web = web;
    }

    public List<Finding> look(AgentCall.Check call) throws AgentException {
        ManagerChecks yarn = new ManagerChecks(manager, new ManagerPages(manager, web), login);
        FileChecks files = new FileChecks(settings, login);
        MetastoreCheck metastore = new MetastoreCheck(login);
        try (Steps steps = new Steps(EACH)) {
            steps.take(LOGIN, List.of(), "correct principal and keytab, and krb5.conf", this::login);
            steps.take(MANAGER, List.of(LOGIN), yarn.adviceIfSilent(), yarn::answers);
            steps.take(CLOCK, List.of(MANAGER), "compare the clocks of both hosts by hand", yarn::clock);
            steps.take(
                    MEMORY,
                    List.of(MANAGER),
                    "correct spark.driver.memory and spark.executor.memory in settings",
                    () -> yarn.memory(call.spark()));
            steps.take(MANAGER_PROXY, List.of(MANAGER), "see the ResourceManager's log", () -> yarn.proxy(call.user()));
            steps.take(QUEUE, List.of(MANAGER), "set yarn.queue to one that there is", () -> yarn.queue(call));
            steps.take(
                    SUBMISSION,
                    List.of(MANAGER_PROXY, QUEUE),
                    "see the ResourceManager's log",
                    () -> yarn.access(call));
            steps.take(FILES, List.of(LOGIN), files.adviceIfSilent(), files::answers);
            steps.take(STAGING, List.of(FILES), "set yarn.staging-directory to another directory", files::staging);
            steps.take(FILES_PROXY, List.of(FILES), "see the NameNode's log", () -> files.proxy(call));
            steps.take(
                    METASTORE,
                    List.of(LOGIN),
                    "start it, or correct metastore (or hive.metastore.uris in hive-site.xml)",
                    () -> metastore.answers(call.spark()));
            return steps.findings();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw AgentException.refused("the agent is ending", ending);
        }
    }

    private Finding login() throws AgentException {
        UserGroupInformation self = login.self();
        if (!UserGroupInformation.isSecurityEnabled()) {
            return Finding.ok(LOGIN.words(), "as " + self.getShortUserName() + ", without Kerberos");
        }
        return self.hasKerberosCredentials()
                ? Finding.ok(LOGIN.words(), "as " + self.getUserName() + " with Kerberos")
                : Finding.fail(LOGIN.words(), "the cluster asks for Kerberos", "set yarn.principal and yarn.keytab");
    }
}
