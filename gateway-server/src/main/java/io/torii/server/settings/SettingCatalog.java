package io.torii.server.settings;

import io.torii.server.settings.Setting.Alias;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Torii's own settings and the names that users of Hive, Kyuubi and Spark know for them. Immutable, thread-safe. */
public final class SettingCatalog {
    public static final String CLUSTER = "torii.cluster";
    public static final String QUEUE = "torii.queue";
    public static final String SHARE_LEVEL = "torii.engine.share-level";
    public static final String SUBDOMAIN = "torii.engine.subdomain";
    public static final String ENGINE_TYPE = "torii.engine.type";
    public static final String ENGINE_PROFILE = "torii.engine.profile";
    public static final String ENGINE_IDLE_TIMEOUT = "torii.engine.idle-timeout";
    public static final String ENGINE_MAX_LIFETIME = "torii.engine.max-lifetime";
    public static final String SESSION_NAME = "torii.session.name";
    public static final String SESSION_IDLE_TIMEOUT = "torii.session.idle-timeout";
    public static final String FETCH_SIZE = "torii.session.fetch-size";
    public static final String HIVE_SHOW_TABLES = "torii.session.hive-show-tables";
    public static final String EARLY_PAGES = "torii.session.early-pages";
    public static final String STATEMENT_TIMEOUT = "torii.statement.timeout";
    public static final String WORKLOAD = "torii.workload";

    private static final SettingCatalog STANDARD = new SettingCatalog(settings(), withoutEffect());

    private final Map<String, Named> byName = new LinkedHashMap<>();
    private final Map<String, String> reasons = new HashMap<>();
    private final List<Setting> settings;
    private final Map<String, String> withoutEffect;

    private SettingCatalog(List<Setting> settings, Map<String, String> withoutEffect) {
        this.settings = List.copyOf(settings);
        this.withoutEffect = withoutEffect;
        withoutEffect.forEach((key, reason) -> reasons.put(folded(key), reason));
        for (Setting setting : settings) {
            byName.put(folded(setting.name()), new Named(setting, ChronoUnit.SECONDS));
            setting.aliases().forEach(alias -> byName.put(folded(alias.name()), new Named(setting, alias.unit())));
        }
    }

    public static SettingCatalog standard() {
        return STANDARD;
    }

    public List<Setting> all() {
        return settings;
    }

    /** The setting of that canonical name or alias, in any case. */
    public Optional<Named> find(String key) {
        return Optional.ofNullable(byName.get(folded(key)));
    }

    /** Why a name that users of other servers know has nothing to change here, if it is one of those. */
    public Optional<String> withoutEffect(String key) {
        return Optional.ofNullable(reasons.get(folded(key)));
    }

    /** Names of other servers that change nothing here, each with the reason. */
    public Map<String, String> allWithoutEffect() {
        return withoutEffect;
    }

    /** The canonical name that is most like this one. */
    public String nearest(String key) {
        return settings.stream()
                .map(Setting::name)
                .min((one, other) -> Integer.compare(distance(one, key), distance(other, key)))
                .orElseThrow();
    }

    /**
     * A setting under one of its names.
     *
     * @param unit what a plain number means under that name
     */
    public record Named(Setting setting, ChronoUnit unit) {
        /** The value's one form; throws IllegalArgumentException with what is expected instead. */
        public String canonical(String value) {
            return setting.kind().canonical(value.trim(), unit);
        }
    }

    private static String folded(String key) {
        return key.toLowerCase(Locale.ROOT);
    }

    private static List<Setting> settings() {
        List<Setting> all = new ArrayList<>();
        all.add(new Setting(CLUSTER, SettingKind.NAME, "The cluster to run on, by its configured name", List.of()));
        all.add(new Setting(
                QUEUE,
                SettingKind.QUEUE,
                "The cluster's queue to run in",
                List.of(
                        hadoop("mapreduce.job.queuename"),
                        hadoop("mapred.job.queue.name"),
                        hadoop("mapred.job.queuename"),
                        hadoop("tez.queue.name"),
                        spark("spark.yarn.queue"),
                        kyuubi("kyuubi.engine.yarn.queue"))));
        all.add(new Setting(
                SHARE_LEVEL,
                SettingKind.SHARE_LEVEL,
                "Whose sessions share an engine; wider than the administrator's choice only if that is allowed",
                List.of(kyuubi("kyuubi.engine.share.level"), kyuubi("kyuubi.session.engine.share.level"))));
        all.add(new Setting(
                SUBDOMAIN,
                SettingKind.NAME,
                "A label: sessions with different ones have different engines",
                List.of(
                        kyuubi("kyuubi.engine.share.level.subdomain"),
                        kyuubi("kyuubi.engine.share.level.sub.domain"),
                        kyuubi("kyuubi.session.engine.share.level.sub.domain"))));
        all.add(new Setting(
                ENGINE_TYPE,
                SettingKind.ENGINE_TYPE,
                "What runs the statements",
                List.of(kyuubi("kyuubi.engine.type"))));
        all.add(new Setting(
                ENGINE_PROFILE,
                SettingKind.NAME,
                "Which of the cluster's Spark profiles engines are made by; `default` is the cluster's own. Sessions with"
                        + " different ones have different engines",
                List.of()));
        all.add(new Setting(
                ENGINE_IDLE_TIMEOUT,
                SettingKind.DURATION,
                "How long an engine that this session starts keeps running without sessions",
                List.of(kyuubi("kyuubi.session.engine.idle.timeout"))));
        all.add(new Setting(
                ENGINE_MAX_LIFETIME,
                SettingKind.DURATION,
                "Age at which an engine that this session starts takes no more sessions",
                List.of(kyuubi("kyuubi.session.engine.spark.max.lifetime"))));
        all.add(new Setting(
                SESSION_NAME,
                SettingKind.TEXT,
                "What the session is called, for people",
                List.of(
                        kyuubi("kyuubi.session.name"),
                        spark("spark.app.name"),
                        hadoop("mapreduce.job.name"),
                        hadoop("mapred.job.name"))));
        all.add(new Setting(
                SESSION_IDLE_TIMEOUT,
                SettingKind.DURATION,
                "How long the session may be unused before it is closed",
                List.of(
                        kyuubi("kyuubi.session.idle.timeout"),
                        kyuubi("kyuubi.session.timeout"),
                        hive("hive.server2.idle.session.timeout", ChronoUnit.MILLIS))));
        all.add(new Setting(
                FETCH_SIZE,
                SettingKind.COUNT,
                "Rows in a page of results",
                List.of(
                        hive("hive.server2.thrift.resultset.default.fetch.size", ChronoUnit.MILLIS),
                        kyuubi("kyuubi.server.thrift.resultset.default.fetch.size"))));
        all.add(new Setting(
                HIVE_SHOW_TABLES,
                SettingKind.SWITCH,
                "Whether SHOW TABLES and SHOW VIEWS answer with names alone, as Hive does; not set, for PyHive, impyla and"
                        + " whatever else speaks version 6 of Hive's protocol",
                List.of()));
        all.add(new Setting(
                EARLY_PAGES,
                SettingKind.SWITCH,
                "Whether a statement counts as finished once its first page and 1,000 rows more are there: then rows come sooner,"
                        + " but what fails later fails a fetch. While no others come, those rows are given one every 800 ms, so"
                        + " that a cancel need not wait for a fetch",
                List.of(kyuubi("kyuubi.operation.incremental.collect"))));
        all.add(new Setting(
                STATEMENT_TIMEOUT,
                SettingKind.DURATION,
                "How long a statement may take, waiting for its engine included",
                List.of(
                        kyuubi("kyuubi.operation.query.timeout"),
                        hive("hive.query.timeout.seconds", ChronoUnit.SECONDS),
                        new Alias("spark.sql.thriftServer.queryTimeout", "Spark", ChronoUnit.SECONDS))));
        all.add(new Setting(
                WORKLOAD,
                SettingKind.TEXT,
                "Who the work is, over time; a scheduler's job, say. Airflow's airflow.ctx.dag_id and task_id set it",
                List.of()));
        return all;
    }

    private static Map<String, String> withoutEffect() {
        String always = "Torii always does";
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("kyuubi.session.engine.launch.async", always);
        reasons.put("kyuubi.operation.progress.enabled", always);
        reasons.put("kyuubi.session.engine.spark.showProgress", always);
        reasons.put("hive.server2.in.place.progress", always);
        reasons.put("hive.server2.logging.operation.enabled", always);
        reasons.put("kyuubi.operation.result.format", "pages are in the format of the client's protocol");
        reasons.put("kyuubi.session.engine.initialize.timeout", "an administrator sets it: engine.launch-timeout");
        reasons.put("kyuubi.operation.idle.timeout", "an administrator sets it: statement.idle-timeout");
        reasons.put("hive.server2.idle.operation.timeout", "an administrator sets it: statement.idle-timeout");
        reasons.put("kyuubi.session.close.on.disconnect", "an administrator sets it: session.disconnect-grace");
        reasons.put("hive.execution.engine", "the engine is Spark");
        return Collections.unmodifiableMap(reasons);
    }

    private static Alias kyuubi(String name) {
        return new Alias(name, "Kyuubi", ChronoUnit.MILLIS);
    }

    private static Alias hive(String name, ChronoUnit unit) {
        return new Alias(name, "Hive", unit);
    }

    private static Alias hadoop(String name) {
        return new Alias(name, "Hadoop", ChronoUnit.MILLIS);
    }

    private static Alias spark(String name) {
        return new Alias(name, "Spark", ChronoUnit.MILLIS);
    }

    /** Levenshtein's. */
    private static int distance(String one, String other) {
        int[] costs = new int[other.length() + 1];
        Arrays.setAll(costs, index -> index);
        for (int row = 1; row <= one.length(); row++) {
            int diagonal = costs[0];
            costs[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                int replaced = diagonal + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
                diagonal = costs[column];
                costs[column] = Math.min(replaced, Math.min(costs[column], costs[column - 1]) + 1);
            }
        }
        return costs[other.length()];
    }
}
