package io.torii.it;

class HiveJdbc3Test extends JdbcClientContract {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");

    @Override
    protected HiveDriver driver() {
        return DRIVER;
    }
}
