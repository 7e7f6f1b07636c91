package io.torii.spark.catalog;

import static io.torii.spark.catalog.Metastore.table;
import static io.torii.spark.catalog.Metastore.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.torii.spark.session.TestSpark;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** How Spark's own catalog asks a metastore. */
class SessionSourceTest {
    private static final NamePattern ALL = NamePattern.of("%");
    private static final StructType COLUMNS =
            new StructType().add("id", DataTypes.LongType, false).add("name", DataTypes.StringType);

    @Test
    void listsAThousandTablesWithoutLoadingThem() {
        Metastore metastore = new Metastore().with("shop", tables(1000)).with("empty");
        SessionSource source = source(metastore);

        List<Relation> relations = assertTimeout(Duration.ofSeconds(2), () -> source.relations(ALL, ALL));

        assertThat(relations).hasSize(1000).allSatisfy(relation -> assertThat(relation.type)
                .isEqualTo("TABLE"));
        assertThat(metastore.calls).containsExactlyInAnyOrder("listTables", "listTables", "listViews");
    }

    @Test
    void loadsTheColumnsOfAThousandTablesInBatches() {
        Metastore metastore = new Metastore().with("shop", tables(1000));
        SessionSource source = source(metastore);

        List<Relation> relations = assertTimeout(Duration.ofSeconds(2), () -> source.loaded(ALL, ALL));

        assertThat(relations).hasSize(1000).allSatisfy(relation -> assertThat(relation.columns)
                .isEqualTo(COLUMNS));
        assertThat(metastore.calls)
                .containsOnly("listTables", "getTablesByName")
                .hasSize(1 + 10);
    }

    @Test
    void loadsOneTableByOneCall() {
        Metastore metastore = new Metastore().with("shop", tables(1000));

        List<Relation> relations = source(metastore).loaded(NamePattern.of("SHOP"), NamePattern.of("T7"));

        assertThat(relations)
                .extracting(relation -> relation.schema, relation -> relation.name)
                .containsExactly(tuple("shop", "t7"));
        assertThat(metastore.calls).containsExactly("getTablesByName");
    }

    @Test
    void tellsCommentsInShortLists() {
        Metastore metastore =
                new Metastore().with("shop", table("shop", "orders", COLUMNS), view("shop", "v", COLUMNS));

        assertThat(source(metastore).relations(ALL, ALL))
                .extracting(relation -> relation.type, relation -> relation.name, relation -> relation.comment)
                .containsExactlyInAnyOrder(tuple("TABLE", "orders", "about orders"), tuple("VIEW", "v", "about v"));
    }

    @Test
    void namesTablesThatCannotBeReadAndLeavesOutTheirColumns() {
        Metastore metastore = new Metastore()
                .with(
                        "shop",
                        table("shop", "a", COLUMNS),
                        table("shop", "unreadable", COLUMNS),
                        table("shop", "z", COLUMNS));

        assertThat(source(metastore).relations(ALL, ALL))
                .extracting(relation -> relation.name, relation -> relation.comment)
                .containsExactlyInAnyOrder(tuple("a", "about a"), tuple("unreadable", ""), tuple("z", "about z"));
        assertThat(source(metastore).loaded(ALL, ALL))
                .extracting(relation -> relation.name)
                .containsExactlyInAnyOrder("a", "z");
    }

    @Test
    void leavesOutTablesWhoseColumnsMakeNoSense() {
        Metadata nonsense = Metadata.fromJson("{\"__CHAR_VARCHAR_TYPE_STRING\":\"no type\"}");
        StructType broken = new StructType().add("c", DataTypes.StringType, true, nonsense);
        Metastore metastore =
                new Metastore().with("shop", table("shop", "broken", broken), table("shop", "sound", COLUMNS));

        assertThat(source(metastore).loaded(ALL, ALL))
                .extracting(relation -> relation.name)
                .containsExactly("sound");
        assertThat(source(metastore).relations(ALL, ALL))
                .extracting(relation -> relation.name)
                .containsExactlyInAnyOrder("broken", "sound");
    }

    @Test
    void endsWhenItIsInterrupted() {
        Metastore metastore = new Metastore().with("shop", table("shop", "orders", COLUMNS));
        SessionSource source = source(metastore);

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> source.loaded(ALL, ALL)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(metastore.calls).isEmpty();
    }

    private static CatalogTable[] tables(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> table("shop", "t" + i, COLUMNS))
                .toArray(CatalogTable[]::new);
    }

    private static SessionSource source(Metastore metastore) {
        return new SessionSource(TestSpark.get().newSession().sessionState(), new SessionCatalog(metastore));
    }
}
