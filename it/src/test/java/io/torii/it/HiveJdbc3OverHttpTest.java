package io.torii.it;

class HiveJdbc3OverHttpTest extends JdbcClientContract {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");

    @Override
    protected HiveDriver driver() {
        return DRIVER;
    }

    @Override
    protected String url(String rest) {
        return SharedWorld.get().httpUrl(rest);
    }
}
