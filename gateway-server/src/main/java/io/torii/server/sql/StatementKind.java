package io.torii.server.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.antlr.v4.runtime.tree.ParseTree;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionNameContext;

/** Whether a statement may run twice, by Spark's own grammar. What is not known to be a read counts as a write. */
public enum StatementKind {
    /** A query, SHOW, DESCRIBE or EXPLAIN; users' own functions and views are taken for what they should be. */
    READ,
    WRITE;

    private static final int LONGEST = 1 << 20;
    private static final int DEEPEST = 200;
    private static final Set<String> CALL_ANYTHING = Set.of("java_method", "reflect", "try_reflect");
    private static final Set<Class<?>> READS = Set.of(
            SqlBaseParser.StatementDefaultContext.class,
            SqlBaseParser.ExplainContext.class,
            SqlBaseParser.DescribeFunctionContext.class,
            SqlBaseParser.DescribeNamespaceContext.class,
            SqlBaseParser.DescribeQueryContext.class,
            SqlBaseParser.DescribeRelationContext.class,
            SqlBaseParser.ShowCatalogsContext.class,
            SqlBaseParser.ShowColumnsContext.class,
            SqlBaseParser.ShowCreateTableContext.class,
            SqlBaseParser.ShowCurrentNamespaceContext.class,
            SqlBaseParser.ShowFunctionsContext.class,
            SqlBaseParser.ShowNamespacesContext.class,
            SqlBaseParser.ShowPartitionsContext.class,
            SqlBaseParser.ShowTableExtendedContext.class,
            SqlBaseParser.ShowTablesContext.class,
            SqlBaseParser.ShowTblPropertiesContext.class,
            SqlBaseParser.ShowViewsContext.class);

    /** Takes milliseconds for a usual statement, and more for a long one: never call it in an event loop. */
    public static StatementKind of(String sql) {
        // Spark puts variables in before it parses: what will stand there is not known here
        if (sql.length() > LONGEST || sql.contains("${")) {
            return WRITE;
        }
        try {
            SqlBaseParser.StatementContext statement = parsed(sql).statement();
            return READS.contains(statement.getClass()) && callsNothingOutside(statement) ? READ : WRITE;
        } catch (ParseCancellationException | StackOverflowError notUnderstood) {
            return WRITE;
        }
    }

    /** As Spark does it: the fast way and, where that finds no way through, the thorough one. */
    private static SqlBaseParser.SingleStatementContext parsed(String sql) {
        SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseChars(CharStreams.fromString(sql)));
        lexer.removeErrorListeners();
        lexer.addErrorListener(new Refusal());
        BoundedTokens tokens = new BoundedTokens(lexer);
        tokens.requireNoDeeperThan(DEEPEST);
        SqlBaseParser parser = new SqlBaseParser(tokens);
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        SqlBaseParser.SingleStatementContext tree;
        try {
            tree = parser.singleStatement();
        } catch (ParseCancellationException fastWayFailed) {
            tokens.seek(0);
            parser.reset();
            parser.getInterpreter().setPredictionMode(PredictionMode.LL);
            tree = parser.singleStatement();
        }
        if (lexer.has_unclosed_bracketed_comment) {
            throw new ParseCancellationException("a comment has no end");
        }
        return tree;
    }

    /** Neither scripts nor functions that call any Java method, nor functions whose names are yet to be computed. */
    private static boolean callsNothingOutside(ParseTree statement) {
        Deque<ParseTree> left = new ArrayDeque<>();
        left.push(statement);
        while (!left.isEmpty()) {
            ParseTree node = left.pop();
            if (node instanceof SqlBaseParser.TransformClauseContext
                    || node instanceof FunctionNameContext function && mayCallAnything(function)) {
                return false;
            }
            for (int child = 0; child < node.getChildCount(); child++) {
                left.push(node.getChild(child));
            }
        }
        return true;
    }

    private static boolean mayCallAnything(FunctionNameContext function) {
        if (function.expression() != null) {
            return true;
        }
        String name = function.getText().toLowerCase(Locale.ROOT).replace("`", "");
        return CALL_ANYTHING.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private static final class Refusal extends BaseErrorListener {
        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                Object symbol,
                int line,
                int position,
                String message,
                RecognitionException cause) {
            throw new ParseCancellationException(message);
        }
    }
}
