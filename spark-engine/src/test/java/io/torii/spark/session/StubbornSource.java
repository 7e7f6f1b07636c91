package io.torii.spark.session;

import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.RelationProvider;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Map;

/** A source of data that needs time to be opened, and cannot be interrupted then. */
public final class StubbornSource implements RelationProvider {
    @Override
    public BaseRelation createRelation(SQLContext context, Map<String, String> parameters) {
        Gate.waitStubbornly();
        return new BaseRelation() {
            @Override
            public SQLContext sqlContext() {
                return context;
            }

            @Override
            public StructType schema() {
                return new StructType().add("a", "int");
            }
        };
    }
}
