package io.torii.it;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

/** Hive's own JDBC driver in one of its versions, in a class loader of its own. Thread-safe. */
public final class HiveDriver {
    private final String version;
    private final Driver driver;

    private HiveDriver(String version, Driver driver) {
        this.version = version;
        this.driver = driver;
    }

    /** The driver that the build has put below {@code it/target/drivers}. */
    public static HiveDriver of(String version) {
        Path jar = Home.directory().resolve("it/target/drivers/hive-jdbc-" + version + "-standalone.jar");
        try {
            URLClassLoader loader =
                    new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            Driver driver = (Driver) Class.forName("org.apache.hive.jdbc.HiveDriver", true, loader)
                    .getDeclaredConstructor()
                    .newInstance();
            return new HiveDriver(version, driver);
        } catch (MalformedURLException | ReflectiveOperationException problem) {
            throw new IllegalStateException("no Hive JDBC driver in " + jar, problem);
        }
    }

    public Connection connect(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(driver.getClass().getClassLoader());
        try {
            Connection connection = driver.connect(url, properties);
            if (connection == null) {
                throw new SQLException("not a URL of Hive's driver: " + url);
            }
            return connection;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public String toString() {
        return "hive-jdbc " + version;
    }
}
