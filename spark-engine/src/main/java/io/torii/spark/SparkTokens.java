package io.torii.spark;

import static java.util.Objects.requireNonNull;

import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.cluster.CoarseGrainedClusterMessages.UpdateDelegationTokens;
import org.apache.spark.scheduler.cluster.CoarseGrainedSchedulerBackend;

/**
 * Gives delegation tokens to the driver and its executors, in the place of older ones for the same services. Executors get them as
 * from Spark's own renewal: by a message to the driver's endpoint, which keeps them for those that come later. Thread-safe.
 */
final class SparkTokens {
    private final SparkContext spark;

    SparkTokens(SparkContext spark) {
        this.spark = requireNonNull(spark, "spark");
    }

    /** Whether this cluster asks for any. */
    static boolean areWanted() {
        return UserGroupInformation.isSecurityEnabled();
    }

    /** @param file as Hadoop writes it; fails with an IOException, of which Scala does not tell, if it is none */
    void take(byte[] file) {
        SparkHadoopUtil hadoop = SparkHadoopUtil.get();
        hadoop.addCurrentUserCredentials(hadoop.deserialize(file));
        SchedulerBackend backend = spark.schedulerBackend();
        if (backend instanceof CoarseGrainedSchedulerBackend) { // else tasks run in the driver
            ((CoarseGrainedSchedulerBackend) backend).driverEndpoint().send(new UpdateDelegationTokens(file));
        }
    }
}
