package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shell scripts and schedulers expect of beeline. */
@Tag("system")
class BeelineTest {
    @TempDir
    Path directory;

    private final World world = SharedWorld.get();

    @Test
    void printsDataAndNothingElseForScripts() throws Exception {
        Script.Result run = beeline(
                "-u",
                world.url("default"),
                "-n",
                "alice",
                "--silent=true",
                "--outputformat=csv2",
                "--showHeader=false",
                "-e",
                "SELECT id, 'a;b' FROM range(3)");

        assertThat(run.out()).isEqualTo("0,a;b\n1,a;b\n2,a;b\n");
        assertThat(run.exit()).isZero();
    }

    @Test
    void connectsOverHttp() throws Exception {
        Script.Result run = beeline(
                "-u",
                world.httpUrl("default"),
                "-n",
                "alice",
                "--silent=true",
                "--outputformat=csv2",
                "--showHeader=false",
                "-e",
                "SELECT id FROM range(3)");

        assertThat(run.out()).isEqualTo("0\n1\n2\n");
        assertThat(run.exit()).isZero();
    }

    @Test
    void keepsWhatItSaysAboutItselfOffStandardOutput() throws Exception {
        Script.Result run =
                beeline("-u", world.url("default"), "-n", "alice", "--outputformat=tsv2", "-e", "SELECT 1 AS one");

        assertThat(run.out()).isEqualTo("one\n1\n");
        assertThat(run.err()).contains("1 row selected");
        assertThat(run.exit()).isZero();
    }

    @Test
    void stopsAScriptAtItsFirstErrorAndSaysWhy() throws Exception {
        Path script = Files.writeString(
                directory.resolve("script.sql"),
                "-- a comment; with a semicolon\nSELECT 1;\nSELECT * FROM no_such_table;\nSELECT 3;\n");

        Script.Result run = beeline(
                "-u",
                world.url("default"),
                "-n",
                "alice",
                "--outputformat=csv2",
                "--showHeader=false",
                "-f",
                script.toString());

        assertThat(run.out()).isEqualTo("1\n");
        assertThat(run.err()).contains("TABLE_OR_VIEW_NOT_FOUND").contains("state=42P01");
        assertThat(run.exit()).isEqualTo(2);
    }

    @Test
    void takesTheCommandThatAirflowMakes() throws Exception {
        Path script = Files.writeString(directory.resolve("airflow.sql"), "SELECT '${hiveconf:day}' AS day;\n");

        Script.Result run = beeline(
                "-u",
                "\"" + world.url("default") + "\"",
                "-n",
                "alice",
                "-p",
                "secret",
                "-hiveconf",
                "airflow.ctx.dag_id=nightly",
                "-hiveconf",
                "mapreduce.job.queuename=etl",
                "-hiveconf",
                "day=monday",
                "--silent=true",
                "--outputformat=csv2",
                "--showHeader=false",
                "-f",
                script.toString());

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("monday\n");
    }

    @Test
    void tellsWhileAnEngineStartsWhatItDoes() throws Exception {
        Script.Result run = beeline(
                "-u",
                world.url("default?torii.engine.subdomain=beeline"),
                "-n",
                "alice",
                "--outputformat=csv2",
                "--showHeader=false",
                "-e",
                "SELECT count(*) FROM range(10)");

        assertThat(run.out()).isEqualTo("10\n");
        assertThat(run.err())
                .contains("Launching an engine on cluster local")
                .contains("The engine is ready: Spark 3.5");
        assertThat(run.exit()).isZero();
    }

    @Test
    void saysInOneSentenceThatNobodyAnswers() throws Exception {
        Script.Result run = beeline("-u", "jdbc:hive2://127.0.0.1:1/default", "-n", "alice", "-e", "SELECT 1");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("127.0.0.1:1");
    }

    private Script.Result beeline(String... arguments) throws IOException, InterruptedException {
        return Script.run(directory, Map.of(), "beeline", arguments);
    }
}
