package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private final Delivery delivery = new Delivery();

    @Test
    void aPageThatHasArrivedIsFollowedByTheNext() {
        assertThat(delivery.begin("one")).isTrue();
        delivery.given(0);
        delivery.arrived("one", 0);

        assertThat(delivery.begin("one")).isTrue();
        delivery.given(10);
        delivery.arrived("one", 10);
        assertThat(delivery.begin("two")).isTrue();
    }

    @Test
    void nothingFollowsAPageThatMayNotHaveArrived() {
        delivery.begin("one");
        delivery.given(0);

        assertThat(delivery.begin("one")).isFalse();
        assertThat(delivery.begin("two")).isFalse();
        assertThat(delivery.news()).isNotDone();
    }

    @Test
    void anotherGatewayGoesOnOnceThePageHasArrived() {
        delivery.begin("one");
        delivery.given(0);
        CompletableFuture<Boolean> next = delivery.news().thenApply(told -> delivery.begin("two"));

        delivery.arrived("one", 0);

        assertThat(next).isCompletedWithValue(true);
        assertThat(delivery.begin("one")).isFalse();
    }

    @Test
    void onlyWhoWasGivenThePageCanTell() {
        delivery.begin("one");
        delivery.given(0);

        delivery.arrived("two", 0);

        assertThat(delivery.begin("two")).isFalse();
    }

    @Test
    void newsOfAnotherPageSaysNothingOfThisOne() {
        delivery.begin("one");
        delivery.given(20);

        delivery.arrived("one", 10);

        assertThat(delivery.begin("one")).isFalse();
    }

    @Test
    void whatIsNeverGivenIsNotInDoubt() {
        delivery.begin("one");
        delivery.neverGiven("one");

        assertThat(delivery.begin("two")).isTrue();
    }

    @Test
    void whoFetchesFromTheFirstRowNeedNotKnow() {
        delivery.begin("one");
        delivery.given(10);

        delivery.beginAnew("two");
        delivery.given(0);

        assertThat(delivery.begin("two")).isFalse();
        delivery.arrived("two", 0);
        assertThat(delivery.begin("two")).isTrue();
    }

    @Test
    void whoWaitedForTheNextPageDoesNotGetItFromWhoFetchesFromTheFirstRow() {
        delivery.begin("one");
        List<Boolean> next = new ArrayList<>();
        CompletableFuture<Void> unused = delivery.news().thenAccept(told -> next.add(delivery.begin("one")));

        delivery.beginAnew("one");

        assertThat(next).containsExactly(false);
    }

    @Test
    void aCallerThatDoesNotTellWhatArrivesIsTakenToGetEverything() {
        assertThat(delivery.begin("")).isTrue();
        assertThat(delivery.begin("")).isTrue();
    }
}
