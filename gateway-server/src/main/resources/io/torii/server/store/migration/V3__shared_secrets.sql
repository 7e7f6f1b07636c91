-- What all gateways of the store sign with.
CREATE TABLE shared_secret (
    name    VARCHAR(64)  PRIMARY KEY,
    content VARCHAR(128) NOT NULL
);
