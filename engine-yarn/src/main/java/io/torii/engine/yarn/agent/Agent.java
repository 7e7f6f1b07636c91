package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.agent.check.Checks;
import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Deadline;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.agent.hadoop.ResourceManager;
import io.torii.engine.yarn.agent.hadoop.Web;
import io.torii.engine.yarn.agent.launch.Leftovers;
import io.torii.engine.yarn.agent.launch.Staging;
import io.torii.engine.yarn.agent.launch.StagingDirectory;
import io.torii.engine.yarn.agent.launch.Submitter;
import io.torii.engine.yarn.agent.launch.TokenIssue;
import io.torii.engine.yarn.agent.watch.Applications;
import io.torii.engine.yarn.agent.watch.DriverLogs;
import io.torii.engine.yarn.agent.watch.Loads;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.AgentSettings;
import io.torii.engine.yarn.message.ApplicationRow;
import io.torii.engine.yarn.message.ApplicationRows;
import io.torii.engine.yarn.message.Findings;
import io.torii.engine.yarn.message.Text;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Answers one call after the other; blocks while it does. Thread-safe. */
final class Agent {
    private final Applications applications;
    private final Submitter submitter;
    private final DriverLogs logs;
    private final Loads loads;
    private final Checks checks;
    private final TokenIssue tokens;
    private final Leftovers leftovers;

    private Agent(
            Applications applications,
            Submitter submitter,
            DriverLogs logs,
            Loads loads,
            Checks checks,
            TokenIssue tokens,
            Leftovers leftovers) {
        this.applications = applications;
        this.submitter = submitter;
        this.logs = logs;
        this.loads = loads;
        this.checks = checks;
        this.tokens = tokens;
        this.leftovers = leftovers;
    }

    static Agent of(AgentSettings settings) {
        Login login = new Login(settings, Clock.systemUTC());
        ResourceManager manager = new ResourceManager(settings, login);
        Web web = new Web(settings.cluster(), login);
        Applications applications = new Applications(manager, settings.deployment());
        return new Agent(
                applications,
                new Submitter(
                        settings, applications, login, new Staging(settings, new StagingDirectory(settings, login))),
                new DriverLogs(manager, login, web),
                new Loads(manager, applications, web),
                new Checks(settings, login, manager, web),
                new TokenIssue(settings.cluster(), login),
                new Leftovers(settings, login));
    }

    /** @param deadline when nobody waits for the answer any more */
    Object answer(AgentCall call, Deadline deadline) throws AgentException {
        if (call instanceof AgentCall.Submit submit) {
            return submitter.submit(submit, deadline);
        }
        if (call instanceof AgentCall.Find find) {
            return rows(applications.find(find.tag()));
        }
        if (call instanceof AgentCall.Live) {
            return new ApplicationRows(applications.live());
        }
        if (call instanceof AgentCall.Log log) {
            Optional<ApplicationRow> application = applications.find(log.tag());
            return new Text(application.isPresent() ? logs.tail(application.get(), log.maxLines()) : "");
        }
        if (call instanceof AgentCall.Kill kill) {
            Optional<ApplicationRow> before = applications.kill(kill.tag());
            before.filter(ApplicationRow::alive).ifPresent(leftovers::remove);
            return rows(before);
        }
        if (call instanceof AgentCall.Load) {
            return loads.now(deadline);
        }
        if (call instanceof AgentCall.Check check) {
            return new Findings(checks.look(check));
        }
        if (call instanceof AgentCall.Issue issue) {
            return tokens.tokens(issue);
        }
        throw new IllegalArgumentException("unknown call: " + call);
    }

    private static ApplicationRows rows(Optional<ApplicationRow> row) {
        return new ApplicationRows(row.map(List::of).orElseGet(List::of));
    }
}
