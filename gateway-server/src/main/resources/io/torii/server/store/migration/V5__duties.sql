-- What one gateway does for all of a store's, as long as its lease lasts.
CREATE TABLE duty (
    name        VARCHAR(64)  PRIMARY KEY,
    gateway     VARCHAR(160) NOT NULL,
    lease_until BIGINT       NOT NULL
);
