-- The least that each account needs. Create the accounts first, with passwords of your own:
--   CREATE USER gatepass@localhost IDENTIFIED BY '...';
--   CREATE USER gatepass_migrate@localhost IDENTIFIED BY '...';
--   CREATE USER gatepass_read@localhost IDENTIFIED BY '...';
-- Nobody here may CREATE, ALTER or DROP: the migrating account gets its rights on the whole database, as an account of
-- the DBA's own, before `flask db migrate`, which runs as this account:
--   GRANT ALL ON NAME.* TO gatepass_migrate@localhost;
-- Then run this in the database itself, after `flask db migrate` has made the tables (or adopted the old ones) and
-- sql/views.sql the views:
--   mariadb NAME < sql/views.sql
--   mariadb NAME < sql/grants.sql
-- It can be run again at any time.

-- The service: rows, never tables. It inserts and changes users only by operator verbs and the rehash of a password.
GRANT SELECT, INSERT, UPDATE ON users TO gatepass@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_tokens TO gatepass@localhost;
-- What a purge deletes is in these two as well.
GRANT SELECT, INSERT, UPDATE, DELETE ON login_throttle TO gatepass@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON login_stats TO gatepass@localhost;
-- Whoever deletes a user deletes the profile too: the service does neither.
GRANT SELECT, INSERT, UPDATE ON profiles TO gatepass@localhost;

-- People and dashboards that only look: no table with a password, a key or a digest, but the views on them.
GRANT SELECT ON active_sessions TO gatepass_read@localhost;
GRANT SELECT ON sessions_per_device TO gatepass_read@localhost;
GRANT SELECT ON expired_sessions TO gatepass_read@localhost;
GRANT SELECT ON throttled_now TO gatepass_read@localhost;
GRANT SELECT ON login_stats TO gatepass_read@localhost;
