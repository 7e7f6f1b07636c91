package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageBudgetTest {
    private final MessageBudget budget = new MessageBudget(1_000);
    private final MessageBudget.Share first = budget.share();
    private final MessageBudget.Share second = budget.share();

    @Test
    void everyConnectionMayHold64KiBWhateverTheOthersDo() {
        assertThat(first.take(MessageBudget.FREE + 1_000)).isTrue();

        assertThat(second.take(MessageBudget.FREE)).isTrue();
        assertThat(second.take(1)).isFalse();
    }

    @Test
    void whatIsFreeMayBeLess() {
        MessageBudget.Share request = budget.share(100);

        assertThat(request.take(100)).isTrue();
        assertThat(budget.held()).isZero();
        assertThat(request.take(1)).isTrue();
        assertThat(budget.held()).isOne();
    }

    @Test
    void whatIsRefusedIsNotTaken() {
        assertThat(first.take(MessageBudget.FREE + 1_001)).isFalse();

        assertThat(first.take(MessageBudget.FREE)).isTrue();
        assertThat(second.take(MessageBudget.FREE + 1_000)).isTrue();
    }

    @Test
    void whatIsGivenBackIsThereForOthers() {
        assertThat(first.take(MessageBudget.FREE + 1_000)).isTrue();

        first.giveBack(400);
        assertThat(second.take(MessageBudget.FREE + 400)).isTrue();
        assertThat(second.take(1)).isFalse();

        first.giveAllBack();
        assertThat(second.take(600)).isTrue();
        assertThat(second.take(1)).isFalse();
    }

    @Test
    void whatWasFreeIsNotGivenBack() {
        assertThat(first.take(MessageBudget.FREE)).isTrue();
        first.giveAllBack();

        assertThat(second.take(MessageBudget.FREE + 1_001)).isFalse();
    }
}
