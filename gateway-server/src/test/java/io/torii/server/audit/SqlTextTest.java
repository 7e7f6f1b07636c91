package io.torii.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.server.audit.SqlText.Extent;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {
    private static final Pattern SECRETS = Pattern.compile(SqlText.SECRETS);
    private static final Secret KEY = new Secret("key");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table t using jdbc options (password 'hunter2')",
                "create table t using jdbc options (PASSWORD \"hunter2\")",
                "create table t using jdbc options ('db.password' = 'hunter2', user 'x')",
                "set spark.hadoop.fs.s3a.secret.key=hunter2",
                "set fs.s3a.access.key = hunter2 ",
                "select * from t where password = 'hunter2'",
                "select * from t where token: hunter2",
                "create table t options (url 'jdbc:postgresql://me:hunter2@db/x')",
                "select map('api_key', 'hunter2')",
                "options (password 'it''s hunter2')",
                "options (password 'it\\'s hunter2')",
                "options (password 'hunter2",
                "select * from t where password = r'hunter2'",
                "options (password r'hunter2')",
                "options (password R\"hunter2\")",
                "from_things(password => 'hunter2')",
                "from_things(password => hunter2)",
                "select * from t where password == 'hunter2'",
                "select * from t where password <> 'hunter2'",
                "set x.password=a,hunter2",
                "set x.password=a; hunter2 'and' \"so\" on",
                "-- the store's\n SET `x.password` = a b\nhunter2",
                "select * from t where password = /* it's */ 'hunter2'",
                "select * from t where password /**/ = /**/ hunter2",
                "options (password -- of the store\n 'hunter2')",
                "select \"{\\\"password\\\":\\\"hunter2\\\"}\"",
                "select \"{\\\"password\\\": \\\"it\\\\\\\"s hunter2\\\"}\"",
                "select '{\"password\": \"hunter2\"}'",
                "select '{\\'password\\': \\'hunter2\\'}'",
                "options (password 'a\\\nhunter2')",
                "options (password 'a\nhunter2')",
                "options (passphrase 'hunter2')",
                "set ssl.private.key=hunter2",
                "select 'https://x.blob/y?sv=1&sig=hunter2%3D&se=2'",
                "options (header 'Authorization: Bearer hunter2.x-y_z')",
                "options (url 'jdbc:postgresql://me:a/hunter2@db/x')",
                "options (url 'jdbc:postgresql://me:a@hunter2@db/x')"
            })
    void hidesSecrets(String sql) {
        assertThat(full().of(sql).text().orElseThrow())
                .doesNotContain("hunter2")
                .contains("***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select password from users|select password from users",
                "select count(*) from secrets where id > 4|select count(*) from secrets where id > 4",
                "options (password 'x', user 'me')|options (password '***', user 'me')",
                "set a.secret=x; select 1|set a.secret=***",
                "set a.b=x; select 'password'|set a.b=x; select 'password'",
                "update t set secret=x, y=1|update t set secret=***, y=1",
                "f(password => 'x', y => 1)|f(password => '***', y => 1)",
                "select \"{\\\"token\\\":\\\"x\\\",\\\"y\\\":1}\"|select \"{\\\"token\\\":\\\"***\\\",\\\"y\\\":1}\"",
                "'?sig=x&se=2'|'?sig=***&se=2'",
                "select sig, bearer of from t|select sig, bearer of from t",
                "select 'http://host:80/a'|select 'http://host:80/a'"
            })
    void leavesTheRestAsItIs(String sql, String shown) {
        assertThat(full().of(sql).text()).contains(shown);
    }

    @Test
    void keepsTheBeginningOfALongText() {
        SqlText.Shown shown = new SqlText(Extent.TRUNCATED, 10, SECRETS, KEY).of("select 1, 2, 3");

        assertThat(shown.text()).contains("select 1, …");
        assertThat(shown.length()).isEqualTo(14);
    }

    @Test
    void aShortTextIsWhole() {
        assertThat(new SqlText(Extent.TRUNCATED, 10, SECRETS, KEY)
                        .of("select 1")
                        .text())
                .contains("select 1");
    }

    @Test
    void hidesASecretThatTheCutWouldHalve() {
        String sql = "options (password '" + "a".repeat(30) + "')";

        assertThat(new SqlText(Extent.TRUNCATED, 25, SECRETS, KEY).of(sql).text())
                .contains("options (password '***')");
    }

    @Test
    void showsNothingIfAskedTo() {
        SqlText.Shown shown = new SqlText(Extent.NONE, 10, SECRETS, KEY).of("select 1");

        assertThat(shown.text()).isEmpty();
        assertThat(shown.digest()).isEqualTo("db6c6bb4c21e645e"); // printf 'select 1' | openssl dgst -sha256 -hmac key
    }

    @Test
    void withoutTheKeyNobodyCanTryWhichTextItWas() {
        SqlText others = new SqlText(Extent.FULL, 0, SECRETS, new Secret("another"));

        assertThat(full().of("select 1").digest())
                .isEqualTo(full().of("select 1").digest())
                .isNotEqualTo(full().of("select 2").digest())
                .isNotEqualTo(others.of("select 1").digest());
    }

    @Test
    void anExpressionWithoutGroupsIsHiddenWhole() {
        assertThat(new SqlText(Extent.FULL, 0, Pattern.compile("[0-9]{6}"), KEY)
                        .of("select 123456")
                        .text())
                .contains("select ***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password '",
                "password '\\",
                "password ''",
                "secret",
                "://a",
                "password=,(",
                "'",
                "token:",
                "password/*",
                "password/**/",
                "password--",
                "password = \n",
                "password \\\"",
                "password:\\\"\\\\\\",
                "set password",
                "Bearer ",
                "sig=",
                "://a:b/",
                "://:",
                "password r'\\",
                "set password ="
            })
    @Timeout(20)
    void noTextMakesItSlowOrDeep(String part) {
        String sql = part.repeat(200_000 / part.length());
        long begin = System.nanoTime();

        assertThat(full().of(sql).text()).isPresent();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    private static SqlText full() {
        return new SqlText(Extent.FULL, 0, SECRETS, KEY);
    }
}
