package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private final Delivery delivery = new Delivery();

    @Test
    void aPageThatHasArrivedIsFollowedByTheNext() {
        assertThat(delivery.begin("one")).isTrue();
        delivery.arrived("one");

        assertThat(delivery.begin("one")).isTrue();
        delivery.arrived("one");
        assertThat(delivery.begin("two")).isTrue();
    }

    @Test
    void nothingFollowsAPageThatMayNotHaveArrived() {
        delivery.begin("one");

        assertThat(delivery.begin("one")).isFalse();
        assertThat(delivery.begin("two")).isFalse();
        assertThat(delivery.settled()).isNotDone();
    }

    @Test
    void anotherGatewayGoesOnOnceThePageHasArrived() {
        delivery.begin("one");
        CompletableFuture<Void> settled = delivery.settled();
        settled.whenComplete(
                (done, failure) -> assertThat(delivery.begin("two")).isTrue());

        delivery.arrived("one");

        assertThat(settled).isDone();
        assertThat(delivery.begin("one")).isFalse();
    }

    @Test
    void onlyWhoWasGivenThePageCanTell() {
        delivery.begin("one");

        delivery.arrived("two");

        assertThat(delivery.begin("two")).isFalse();
    }

    @Test
    void whoFetchesFromTheFirstRowNeedNotKnow() {
        delivery.begin("one");

        delivery.beginAnew("two");

        assertThat(delivery.begin("two")).isFalse();
        delivery.arrived("two");
        assertThat(delivery.begin("two")).isTrue();
    }

    @Test
    void aCallerThatDoesNotTellWhatArrivesIsTakenToGetEverything() {
        assertThat(delivery.begin("")).isTrue();
        assertThat(delivery.begin("")).isTrue();
    }
}
