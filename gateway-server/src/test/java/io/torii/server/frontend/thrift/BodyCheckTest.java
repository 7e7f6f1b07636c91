package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hive.service.rpc.thrift.TBoolColumn;
import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TColumnValue;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TI64Column;
import org.apache.hive.service.rpc.thrift.TI64Value;
import org.apache.hive.service.rpc.thrift.TRow;
import org.junit.jupiter.api.Test;

class BodyCheckTest {
    private static final byte[] PAGE = page();

    /** Numbers, booleans, texts and rows, more than any one page has. */
    private static byte[] page() {
        ByteBuffer nulls = ByteBuffer.wrap(new byte[] {1});
        TFetchResultsResp page = FakeStatements.page(List.of("x", "", "longer than the head of anything", "ü"));
        page.getResults()
                .setColumns(List.of(
                        page.getResults().getColumns().get(0),
                        TColumn.i64Val(new TI64Column(List.of(1L, 2L, 3L, 4L), nulls)),
                        TColumn.boolVal(new TBoolColumn(List.of(true, false, true, false), nulls))));
        TI64Value value = new TI64Value();
        value.setValue(7);
        page.getResults().setRows(List.of(new TRow(List.of(TColumnValue.i64Val(value))), new TRow(List.of())));
        ByteBuf bytes = FakeStatements.bytes(page);
        byte[] array = new byte[bytes.readableBytes()];
        bytes.readBytes(array);
        return array;
    }

    /** What becomes of bytes that arrive in portions of this size. */
    private static String outcome(byte[] bytes, int portion) {
        BodyCheck check = new BodyCheck();
        try {
            for (int from = 0; from < bytes.length; from += portion) {
                ByteBuf part = Unpooled.wrappedBuffer(bytes, from, Math.min(portion, bytes.length - from));
                int length = part.readableBytes();
                check.next(part);
                assertThat(part.readableBytes()).isEqualTo(length);
            }
            check.end();
            return "sound";
        } catch (MalformedMessageException e) {
            return e.getMessage();
        }
    }

    @Test
    void aPageIsSoundHoweverItArrives() throws Exception {
        for (int portion = 1; portion <= PAGE.length; portion++) {
            assertThat(outcome(PAGE, portion)).as("portions of %s", portion).isEqualTo("sound");
        }
        for (int first = 0; first <= PAGE.length; first++) {
            for (int second = first; second <= PAGE.length; second += 5) {
                BodyCheck check = new BodyCheck();
                check.next(Unpooled.wrappedBuffer(PAGE, 0, first));
                check.next(Unpooled.wrappedBuffer(PAGE, first, second - first));
                check.next(Unpooled.wrappedBuffer(PAGE, second, PAGE.length - second));
                check.end();
            }
        }
    }

    @Test
    void whatComesAfterTheEndWouldBeTheNextMessage() throws Exception {
        byte[] more = Messages.join(PAGE, new byte[1]);
        for (int portion = 1; portion <= more.length; portion++) {
            assertThat(outcome(more, portion)).as("portions of %s", portion).isEqualTo("It goes on after its end");
        }
        BodyCheck check = new BodyCheck();
        check.next(Unpooled.wrappedBuffer(PAGE));

        assertThatThrownBy(() -> check.next(Unpooled.wrappedBuffer(Messages.head("FetchResults", (byte) 2, 8))))
                .hasMessage("It goes on after its end");
    }

    @Test
    void aPageWhoseEndIsMissingIsNotWhole() {
        for (int length = 0; length < PAGE.length; length++) {
            assertThat(outcome(Arrays.copyOf(PAGE, length), 7))
                    .as("%s bytes", length)
                    .isEqualTo("It ends too early");
        }
    }

    @Test
    void bytesThatNoStructureBeginsWithAreRefusedAtOnce() {
        assertThat(outcome("<html>never".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 4))
                .isEqualTo("There is no type 60");
    }

    @Test
    void aColumnMayHaveMoreValuesThanAnyRequestHasEntries() {
        ByteBuf page = FakeStatements.bytes(FakeStatements.page(java.util.Collections.nCopies(100_000, "x")));
        byte[] bytes = new byte[page.readableBytes()];
        page.readBytes(bytes);

        assertThat(outcome(bytes, 16 * 1024)).isEqualTo("sound");
    }

    /** Portions that never hold a string's length have each string looked at by itself. */
    @Test
    void columnsOfTextInOneLoopAreWhatTheyAreStringByString() {
        Random random = new Random(20_240_608);
        for (int round = 0; round < 5_000; round++) {
            byte[] mutant = PAGE.clone();
            for (int change = random.nextInt(4); change > 0; change--) {
                mutant[random.nextInt(mutant.length)] = (byte) (random.nextInt(3) - 1);
            }

            assertThat(outcome(mutant, mutant.length)).as("round %s", round).isEqualTo(outcome(mutant, 3));
        }
    }

    @Test
    void findsTheSameInMutatedPagesHoweverTheyArrive() {
        Random random = new Random(20_240_607);
        for (int round = 0; round < 5_000; round++) {
            byte[] mutant = Arrays.copyOf(PAGE, PAGE.length + random.nextInt(3));
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }

            assertThat(outcome(mutant, 1 + random.nextInt(20)))
                    .as("round %s", round)
                    .isEqualTo(outcome(mutant, mutant.length));
        }
    }
}
