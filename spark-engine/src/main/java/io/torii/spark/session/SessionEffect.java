package io.torii.spark.session;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.GlobalTempView$;
import org.apache.spark.sql.catalyst.analysis.LocalTempView$;
import org.apache.spark.sql.catalyst.analysis.ViewType;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.command.AlterTableRenameCommand;
import org.apache.spark.sql.execution.command.AlterViewAsCommand;
import org.apache.spark.sql.execution.command.CreateFunctionCommand;
import org.apache.spark.sql.execution.command.CreateViewCommand;
import org.apache.spark.sql.execution.command.DropFunctionCommand;
import org.apache.spark.sql.execution.command.SetCommand;

/** What a statement did to its session, told by Spark's own commands. Immutable. */
final class SessionEffect {
    static final SessionEffect NONE = new SessionEffect(false, null);

    private static final SessionEffect JOURNALLED = new SessionEffect(true, null);
    private static final SessionEffect CACHED = new SessionEffect(false, "cached table");

    /** Of a statement that was cancelled while it was about to change its session. */
    static final SessionEffect UNKNOWN = new SessionEffect(false, "change that no journal tells");

    private final boolean journalled;
    private final String pinned;

    private SessionEffect(boolean journalled, String pinned) {
        this.journalled = journalled;
        this.pinned = pinned;
    }

    /** Whether running its text again gives another session the same state. */
    boolean isJournalled() {
        return journalled;
    }

    /** What of it no journal can bring back, if anything. */
    Optional<String> pinned() {
        return Optional.ofNullable(pinned);
    }

    boolean isNone() {
        return this == NONE;
    }

    /** A journalled effect whose text is too long to be carried in a header. */
    SessionEffect tooLongToCarry() {
        return new SessionEffect(false, "long statement");
    }

    /** @param plan a plan that has been analysed, or parsed alone: names of Spark 3 and 4 both tell */
    static SessionEffect of(SparkSession session, LogicalPlan plan) {
        if (plan instanceof SetCommand) {
            SetCommand set = (SetCommand) plan;
            boolean changes = set.kv().isDefined() && set.kv().get()._2().isDefined();
            return changes ? JOURNALLED : NONE;
        }
        if (plan instanceof CreateViewCommand) {
            ViewType type = ((CreateViewCommand) plan).viewType();
            boolean temporary = type == LocalTempView$.MODULE$ || type == GlobalTempView$.MODULE$;
            return temporary ? JOURNALLED : NONE;
        }
        if (plan instanceof CreateFunctionCommand) {
            return ((CreateFunctionCommand) plan).isTemp() ? JOURNALLED : NONE;
        }
        if (plan instanceof DropFunctionCommand) {
            return ((DropFunctionCommand) plan).isTemp() ? JOURNALLED : NONE;
        }
        if (plan instanceof AlterViewAsCommand) {
            return ofView(session, ((AlterViewAsCommand) plan).name());
        }
        if (plan instanceof AlterTableRenameCommand) {
            return ofView(session, ((AlterTableRenameCommand) plan).newName());
        }
        return byName(plan.getClass().getSimpleName());
    }

    private static SessionEffect ofView(SparkSession session, TableIdentifier view) {
        return session.sessionState().catalog().isTempView(view) ? JOURNALLED : NONE;
    }

    private static SessionEffect byName(String command) {
        switch (command) {
            case "ResetCommand":
            case "SetCatalogCommand":
            case "SetNamespaceCommand":
            case "SetCatalogAndNamespace":
            case "CreateTempViewUsing":
            case "DropTempViewCommand":
            case "AddJarsCommand":
            case "AddFilesCommand":
            case "AddArchivesCommand":
            case "CreateVariable":
            case "SetVariable":
            case "DropVariable":
                return JOURNALLED;
            case "CacheTable":
            case "CacheTableAsSelect":
                return CACHED;
            default:
                return NONE;
        }
    }
}
