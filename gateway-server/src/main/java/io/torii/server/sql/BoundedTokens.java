package io.torii.server.sql;

import java.time.Duration;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/** Tokens that end a parse which takes too long, as the grammar's does for some texts. One thread. */
final class BoundedTokens extends CommonTokenStream {
    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();

    private final long since = System.nanoTime();

    BoundedTokens(SqlBaseLexer lexer) {
        super(lexer);
    }

    /** Fails if brackets are nested deeper than that, which costs the parser more than in proportion. */
    void requireNoDeeperThan(int most) {
        fill();
        int depth = 0;
        for (Token token : tokens) {
            int type = token.getType();
            if (type == SqlBaseLexer.LEFT_PAREN && ++depth > most) {
                throw new ParseCancellationException("nested too deep");
            }
            if (type == SqlBaseLexer.RIGHT_PAREN) {
                depth--;
            }
        }
    }

    @Override
    public int LA(int offset) {
        if (System.nanoTime() - since > LONGEST_NANOS) {
            throw new ParseCancellationException("takes too long");
        }
        return super.LA(offset);
    }
}
