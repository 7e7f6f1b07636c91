package io.torii.server.session;

import java.util.List;
import java.util.Optional;

/** A question about catalogs and what is in them. Patterns are JDBC's: {@code %}, {@code _}, escape {@code \}. */
public sealed interface MetadataQuery {
    record TypeInfo() implements MetadataQuery {}

    record Catalogs() implements MetadataQuery {}

    record TableTypes() implements MetadataQuery {}

    record Schemas(Optional<String> catalog, Optional<String> schema) implements MetadataQuery {}

    record Tables(Optional<String> catalog, Optional<String> schema, Optional<String> table, List<String> types)
            implements MetadataQuery {
        public Tables {
            types = List.copyOf(types);
        }
    }

    record Columns(Optional<String> catalog, Optional<String> schema, Optional<String> table, Optional<String> column)
            implements MetadataQuery {}

    record Functions(Optional<String> catalog, Optional<String> schema, String function) implements MetadataQuery {}

    record PrimaryKeys(Optional<String> catalog, Optional<String> schema, Optional<String> table)
            implements MetadataQuery {}

    record CrossReference(
            Optional<String> parentCatalog,
            Optional<String> parentSchema,
            Optional<String> parentTable,
            Optional<String> foreignCatalog,
            Optional<String> foreignSchema,
            Optional<String> foreignTable)
            implements MetadataQuery {}
}
