-- Who has opened the session and may use it, where that is not its user; null from gateways that know no such sessions.
ALTER TABLE session ADD COLUMN login_name VARCHAR(256);
