package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlSharedSecretsTest {
    @Nested
    class OnH2 extends OnADatabase {
        @RegisterExtension
        static final TestStore STORE = TestStore.onH2();

        OnH2() {
            super(STORE);
        }
    }

    @Nested
    class OnPostgres extends OnADatabase {
        @RegisterExtension
        static final TestStore STORE = TestStore.onPostgres();

        OnPostgres() {
            super(STORE);
        }
    }

    abstract static class OnADatabase {
        private final TestStore store;

        OnADatabase(TestStore store) {
            this.store = store;
        }

        @BeforeEach
        void empty() {
            store.execute("DELETE FROM shared_secret");
        }

        @Test
        void isTheSameForEveryGatewayAndAfterARestart() {
            Secret made = new SqlSharedSecrets(store.here()).get("cookies").join();

            assertThat(new SqlSharedSecrets(store.here()).get("cookies").join()).isEqualTo(made);
            assertThat(new SqlSharedSecrets(store.there()).get("cookies").join())
                    .isEqualTo(made);
            assertThat(made.value()).hasSizeGreaterThan(40);
        }

        @Test
        void eachNameHasItsOwn() {
            SqlSharedSecrets secrets = new SqlSharedSecrets(store.here());

            assertThat(secrets.get("cookies").join())
                    .isNotEqualTo(secrets.get("others").join());
        }

        @Test
        void isMadeOnceHoweverManyAskAtOnce() {
            List<CompletableFuture<Secret>> asked = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                asked.add(new SqlSharedSecrets(store.here()).get("cookies"));
                asked.add(new SqlSharedSecrets(store.there()).get("cookies"));
            }

            assertThat(asked.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        }
    }
}
