package io.torii.spark.result;

import io.torii.spark.session.TestSpark;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Results of real Spark. */
abstract class ResultTest {
    static final int V1 = 0;
    static final int V6 = 5;
    static final int V8 = 7;
    static final int V11 = 10;
    static final int MIB = 1 << 20;

    @TempDir
    Path spill;

    final SparkSession spark = TestSpark.get().newSession();
    ResultSets results;

    @BeforeEach
    void openResults() {
        results = results(64 * MIB, 256 * MIB, 4 * MIB);
    }

    @AfterEach
    void closeResults() {
        results.close();
    }

    ResultSets results(long memory, long disk, int pageBytes) {
        return new ResultSets(spark, new ResultLimits(memory, disk, spill, pageBytes));
    }

    ResultSet run(Dataset<Row> rows, int protocolVersion, int fetchSize) {
        return results.run(rows.queryExecution(), protocolVersion, fetchSize, 0);
    }

    Dataset<Row> sql(String text) {
        return spark.sql(text);
    }
}
