package io.torii.server.settings;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.util.Collection;
import java.util.List;

/**
 * What users may not set unless an administrator lists it: what launches, identifies, adds JVM options or code to the
 * process, names host paths or templates, or loosens its security. Names are compared in any case, so a name that Spark
 * would not even heed is denied too. Immutable, thread-safe.
 */
public final class SettingPolicy {
    private static final KeyPatterns DENIED = new KeyPatterns(List.of(
            // launch and deployment
            "spark.master*",
            "spark.submit.*",
            "spark.launcher.*",
            "spark.deploy*",
            "spark.home",
            "spark.app.*",
            "spark.yarn.*",
            "spark.kubernetes.*",
            "spark.mesos.*",
            "spark.standalone.*",
            "spark.worker.*",
            "spark.history.*",
            "spark.driver.host",
            "spark.driver.port",
            "spark.driver.bindaddress",
            "spark.*blockmanager.port",
            "spark.port.*",
            "spark.*resource.*",
            "spark.resources.*",
            // the process: options, code, environment
            "spark.*javaoptions*",
            "spark.*extraclasspath*",
            "spark.*extralibrarypath*",
            "spark.*userclasspathfirst*",
            "spark.jars*",
            "spark.files*",
            "spark.archives*",
            "spark.addfile*",
            "spark.plugins*",
            "spark.extralisteners",
            "spark.sql.extensions*",
            "spark.sql.queryexecutionlisteners",
            "spark.sql.streaming.streamingquerylisteners",
            "spark.executorenv.*",
            "spark.driverenv.*",
            "spark.*appmasterenv.*",
            "spark.pyspark.*",
            "spark.python.*",
            "spark.r.*",
            "spark.sparkr.*",
            "spark.repl.*",
            "spark.shuffle.manager",
            "spark.shuffle.service.*",
            "spark.shuffle.sort.io.plugin.class",
            "spark.sql.hive.metastore.*",
            "spark.sql.catalogimplementation",
            // host paths and templates
            "spark.*podtemplate*",
            "spark.local.dir*",
            "spark.eventlog.*",
            "spark.driver.log.*",
            "spark.executor.logs.*",
            "spark.metrics.*",
            "spark.sql.warehouse.dir",
            "spark.storage.decommission.fallbackstorage.path",
            "spark.*discoveryscript*",
            // identity and security
            "spark.*keytab*",
            "spark.*principal*",
            "spark.*password*",
            "spark.*credential*",
            "spark.*truststore*",
            "spark.*keystore*",
            "spark.*proxy*user*",
            "spark.kerberos.*",
            "spark.security.*",
            "spark.ssl*",
            "spark.*.ssl*",
            "spark.authenticate*",
            "spark.network.crypto.*",
            "spark.io.encryption.*",
            "spark.acls.*",
            "spark.admin.acls*",
            "spark.modify.acls*",
            "spark.ui.*",
            "spark.redaction.*",
            "spark.sql.redaction.*",
            "spark.log.*",
            // Hadoop's, with and without Spark's prefix
            "spark.hadoop.hadoop.*",
            "spark.hadoop.yarn.*",
            "spark.hadoop.hive.metastore.*",
            "spark.hadoop.hive.*aux.jars*",
            "spark.hadoop.javax.jdo.*",
            "spark.hadoop.fs.*impl",
            "spark.hadoop.fs.default*",
            "hadoop.*",
            "yarn.*",
            "hive.metastore.*",
            "hive.*aux.jars*",
            "javax.jdo.*",
            "fs.*impl",
            "fs.default*",
            "*keytab*",
            "*.kerberos.principal*",
            "*credential.provider*",
            "*credentials.provider*",
            // Torii's own notes in a session
            "torii.user.*"));

    private final KeyPatterns allowed;

    /** @param userMaySet names that would be denied but are allowed; {@code *} stands for any characters */
    public SettingPolicy(Collection<String> userMaySet) {
        this.allowed = new KeyPatterns(userMaySet);
    }

    /** Whether an administrator has listed this name. */
    public boolean allows(String key) {
        return allowed.match(key);
    }

    public boolean denies(String key) {
        return DENIED.match(key) && !allows(key);
    }

    /** Fails with SETTING_DENIED, naming the key and what an administrator can do. */
    public void check(String key) {
        if (denies(key)) {
            throw denied(key);
        }
    }

    static GatewayException denied(String key) {
        return new GatewayException(
                ErrorCode.SETTING_DENIED,
                "Setting " + printable(key) + " is denied to users; an administrator can allow it by listing it in"
                        + " settings.user-may-set");
    }

    static String printable(String key) {
        String text = key.length() > 100 ? key.substring(0, 100) + "..." : key;
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
