package io.torii.it.bench;

import io.torii.it.HiveDriver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What people use: Hive's JDBC driver; opening a session here is also opening a connection. */
final class JdbcClient implements Client {
    private final HiveDriver driver;
    private final String url;
    private final String user;
    private Connection connection;

    JdbcClient(HiveDriver driver, String url, String user) {
        this.driver = driver;
        this.url = url;
        this.user = user;
    }

    @Override
    public String name() {
        return driver.toString();
    }

    @Override
    public void open() throws SQLException {
        connection = driver.connect(url, user, "x");
    }

    /** Runs a statement that has no rows. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public long query(String sql, int fetchSize) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(fetchSize);
            try (ResultSet result = statement.executeQuery(sql)) {
                int columns = result.getMetaData().getColumnCount();
                long rows = 0;
                while (result.next()) {
                    for (int column = 1; column <= columns; column++) {
                        result.getObject(column);
                    }
                    rows++;
                }
                return rows;
            }
        }
    }

    @Override
    public void closeSession() throws SQLException {
        connection.close();
    }

    @Override
    public void close() {
        // the connection is the session's
    }
}
