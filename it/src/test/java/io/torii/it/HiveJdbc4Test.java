package io.torii.it;

class HiveJdbc4Test extends JdbcClientContract {
    private static final HiveDriver DRIVER = HiveDriver.of("4.0.1");

    @Override
    protected HiveDriver driver() {
        return DRIVER;
    }
}
