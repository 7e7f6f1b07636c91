package io.torii.mini.daemon;

import java.lang.reflect.InvocationTargetException;

/**
 * Hive's metastore in a new database, with the tables of locks, which Hive's own scripts make and its schema by itself lacks: Iceberg
 * takes locks. By reflection, since Hive's jars are those of whatever Spark home it is started from.
 */
public final class MetastoreMain {
    private static final String HIVE = "org.apache.hadoop.hive.";

    private MetastoreMain() {}

    /** @param arguments as Hive's own program has them */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Class<?> settings = Class.forName(HIVE + "conf.HiveConf");
        try {
            Class.forName(HIVE + "metastore.txn.TxnDbUtil")
                    .getMethod("prepDb", settings)
                    .invoke(null, settings.getConstructor().newInstance());
            Class.forName(HIVE + "metastore.HiveMetaStore")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException("the metastore does not start: " + failed.getCause(), failed.getCause());
        }
    }
}
