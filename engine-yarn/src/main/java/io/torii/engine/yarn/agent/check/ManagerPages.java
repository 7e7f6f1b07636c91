package io.torii.engine.yarn.agent.check;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.ResourceManager;
import io.torii.engine.yarn.agent.hadoop.Web;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/** What each ResourceManager of a cluster says of itself on its web pages. Thread-safe. */
final class ManagerPages {
    private static final Pattern STATE = Pattern.compile("\"haState\"\\s*:\\s*\"(\\w+)\"");
    private static final int LONGEST = 1 << 16;

    private final ResourceManager manager;
    private final Web web;

    ManagerPages(ResourceManager manager, Web web) {
        this.manager = manager;
        this.web = web;
    }

    /**
     * One that was asked.
     *
     * @param id as the site files name it; empty if it is the only one
     * @param state ACTIVE, STANDBY and so on; empty if it does not answer
     * @param page null if it does not answer
     */
    record Manager(String id, URI address, String state, Web.Page page) {
        /** For people. */
        String words() {
            String name = id.isEmpty() ? "it" : id;
            return page == null ? name + " does not answer at " + address : name + " is " + state;
        }
    }

    boolean areMany() {
        return manager.configuration().getBoolean(YarnConfiguration.RM_HA_ENABLED, false);
    }

    List<Manager> ask() {
        List<URI> addresses = manager.webAddresses();
        List<String> ids = areMany()
                ? List.copyOf(manager.configuration().getTrimmedStringCollection(YarnConfiguration.RM_HA_IDS))
                : List.of("");
        List<Manager> managers = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            managers.add(ask(ids.get(i), addresses.get(i)));
        }
        return managers;
    }

    private Manager ask(String id, URI address) {
        try {
            Web.Page page = web.page(address.resolve("/ws/v1/cluster/info"), LONGEST);
            Matcher state = STATE.matcher(page.text());
            return new Manager(id, address, state.find() ? state.group(1) : "", page);
        } catch (AgentException | Web.Absent silent) {
            return new Manager(id, address, "", null);
        }
    }
}
