package io.torii.it;

class HiveJdbc4OverHttpTest extends JdbcClientContract {
    private static final HiveDriver DRIVER = HiveDriver.of("4.0.1");

    @Override
    protected HiveDriver driver() {
        return DRIVER;
    }

    @Override
    protected String url(String rest) {
        return SharedWorld.get().httpUrl(rest);
    }
}
