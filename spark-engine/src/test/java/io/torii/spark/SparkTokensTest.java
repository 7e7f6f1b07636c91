package io.torii.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.spark.session.TestSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.TokenIdentifier;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.junit.jupiter.api.Test;

class SparkTokensTest {
    private static final Text SERVICE = new Text("hdfs:of-this-test");

    private final SparkTokens tokens = new SparkTokens(TestSpark.get().sparkContext());

    @Test
    void takeThePlaceOfOlderOnesOfTheSameService() throws IOException {
        tokens.take(file("old"));
        tokens.take(file("new"));

        assertThat(UserGroupInformation.getCurrentUser()
                        .getCredentials()
                        .getToken(SERVICE)
                        .getIdentifier())
                .asString()
                .isEqualTo("new");
    }

    @Test
    void areRefusedIfTheyAreNone() {
        assertThatThrownBy(() -> tokens.take("no tokens".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void areNotWantedWhereHadoopIsNotSecure() {
        assertThat(SparkTokens.areWanted()).isFalse();
    }

    private static byte[] file(String identifier) {
        Credentials credentials = new Credentials();
        credentials.addToken(
                SERVICE,
                new Token<TokenIdentifier>(
                        identifier.getBytes(StandardCharsets.UTF_8), new byte[0], new Text("KIND"), SERVICE));
        return SparkHadoopUtil.get().serialize(credentials);
    }
}
