-- Whether gateways hand out rows of the session's statements that other gateways have sent.
ALTER TABLE session ADD COLUMN roaming BOOLEAN NOT NULL DEFAULT FALSE;
