package io.torii.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IcebergTest {
    @Test
    void changesNothingWithoutARuntime() {
        assertThat(Iceberg.with(Optional.empty(), Path::toAbsolutePath, Map.of("a", "b")))
                .containsExactly(entry("a", "b"));
    }

    @Test
    void takesOneLineAndTheCatalogThatIsThere() {
        assertThat(Iceberg.with(
                        Optional.of("lib/iceberg.jar"),
                        path -> Path.of("/opt/torii").resolve(path),
                        Map.of("spark.sql.catalogImplementation", "hive")))
                .containsOnly(
                        entry("spark.sql.catalogImplementation", "hive"),
                        entry("spark.jars", "/opt/torii/lib/iceberg.jar"),
                        entry(
                                "spark.sql.extensions",
                                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"),
                        entry("spark.sql.catalog.spark_catalog", "org.apache.iceberg.spark.SparkSessionCatalog"),
                        entry("spark.sql.catalog.spark_catalog.type", "hive"));
    }

    @Test
    void keepsOtherJarsAndExtensions() {
        assertThat(Iceberg.with(
                        Optional.of("hdfs://nn/iceberg.jar"),
                        Path::toAbsolutePath,
                        Map.of("spark.jars", "/opt/ranger.jar", "spark.sql.extensions", "a.Ranger")))
                .contains(
                        entry("spark.jars", "/opt/ranger.jar,hdfs://nn/iceberg.jar"),
                        entry(
                                "spark.sql.extensions",
                                "a.Ranger,org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"));
    }
}
