package io.torii.server.frontend.thrift;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import org.apache.hive.service.rpc.thrift.TGetInfoType;
import org.apache.hive.service.rpc.thrift.TGetInfoValue;

/** What the database is and can do, as ODBC and JDBC ask for it; known without an engine. Immutable, thread-safe. */
final class DatabaseInfo {
    private static final int MAX_NAME = 128;
    private static final short NO = 0;

    /** BI tools choose their SQL dialect by this name. */
    private static final String PRODUCT = "Spark SQL";

    private final String version;

    DatabaseInfo(String version) {
        this.version = version;
    }

    /** Fails with NOT_SUPPORTED for what nobody can know. */
    TGetInfoValue answer(int type, String user) {
        TGetInfoType known = TGetInfoType.findByValue(type);
        if (known == null) {
            throw new GatewayException(ErrorCode.NOT_SUPPORTED, "There is no GetInfo type " + type);
        }
        return switch (known) {
            case CLI_SERVER_NAME, CLI_DBMS_NAME -> TGetInfoValue.stringValue(PRODUCT);
            case CLI_DBMS_VER -> TGetInfoValue.stringValue(version);
            case CLI_USER_NAME -> TGetInfoValue.stringValue(user);
            case CLI_ODBC_KEYWORDS -> TGetInfoValue.stringValue(SparkKeywords.RESERVED);
            case CLI_SEARCH_PATTERN_ESCAPE -> TGetInfoValue.stringValue("\\");
            case CLI_IDENTIFIER_QUOTE_CHAR -> TGetInfoValue.stringValue("`");
            case CLI_ACCESSIBLE_TABLES,
                    CLI_ACCESSIBLE_PROCEDURES,
                    CLI_DATA_SOURCE_READ_ONLY,
                    CLI_INTEGRITY,
                    CLI_ORDER_BY_COLUMNS_IN_SELECT,
                    CLI_DESCRIBE_PARAMETER -> TGetInfoValue.stringValue("N");
            case CLI_CATALOG_NAME -> TGetInfoValue.stringValue("Y");
            case CLI_DATA_SOURCE_NAME, CLI_SPECIAL_CHARACTERS, CLI_COLLATION_SEQ -> TGetInfoValue.stringValue("");
            case CLI_XOPEN_CLI_YEAR -> TGetInfoValue.stringValue("1995");
            case CLI_MAX_COLUMN_NAME_LEN,
                    CLI_MAX_SCHEMA_NAME_LEN,
                    CLI_MAX_CATALOG_NAME_LEN,
                    CLI_MAX_TABLE_NAME_LEN,
                    CLI_MAX_IDENTIFIER_LEN -> TGetInfoValue.lenValue(MAX_NAME);
            case CLI_MAX_CURSOR_NAME_LEN,
                    CLI_MAX_USER_NAME_LEN,
                    CLI_MAX_INDEX_SIZE,
                    CLI_MAX_ROW_SIZE,
                    CLI_MAX_STATEMENT_LEN -> TGetInfoValue.lenValue(0);
            case CLI_IDENTIFIER_CASE -> TGetInfoValue.smallIntValue((short) 4); // SQL_IC_MIXED
            case CLI_NULL_COLLATION -> TGetInfoValue.smallIntValue((short) 1); // SQL_NC_LOW
            case CLI_TXN_CAPABLE,
                    CLI_CURSOR_COMMIT_BEHAVIOR,
                    CLI_MAX_DRIVER_CONNECTIONS,
                    CLI_MAX_CONCURRENT_ACTIVITIES,
                    CLI_MAX_COLUMNS_IN_GROUP_BY,
                    CLI_MAX_COLUMNS_IN_INDEX,
                    CLI_MAX_COLUMNS_IN_ORDER_BY,
                    CLI_MAX_COLUMNS_IN_SELECT,
                    CLI_MAX_COLUMNS_IN_TABLE,
                    CLI_MAX_TABLES_IN_SELECT -> TGetInfoValue.smallIntValue(NO);
            case CLI_FETCH_DIRECTION, CLI_SCROLL_CONCURRENCY -> TGetInfoValue.integerBitmask(1); // forward, read-only
            case CLI_OJ_CAPABILITIES -> TGetInfoValue.integerBitmask(0x7f); // every kind of outer join
            case CLI_DEFAULT_TXN_ISOLATION,
                    CLI_TXN_ISOLATION_OPTION,
                    CLI_GETDATA_EXTENSIONS,
                    CLI_ALTER_TABLE,
                    CLI_CURSOR_SENSITIVITY -> TGetInfoValue.integerBitmask(0);
        };
    }
}
