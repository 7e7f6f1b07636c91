package io.torii.it.bench;

import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TStatusCode;

/** Counts what has been fetched. */
final class Rows {
    private Rows() {}

    static long in(TFetchResultsResp response) {
        if (response.getStatus().getStatusCode() != TStatusCode.SUCCESS_STATUS) {
            throw new IllegalStateException(response.getStatus().getErrorMessage());
        }
        if (!response.isSetResults() || response.getResults().getColumnsSize() == 0) {
            return 0;
        }
        TColumn first = response.getResults().getColumns().get(0);
        return first.isSetI64Val()
                ? first.getI64Val().getValuesSize()
                : first.getI32Val().getValuesSize();
    }
}
