-- The fewest rights that each account needs. Create the accounts first, with your own passwords:
--   CREATE USER gatepass@localhost IDENTIFIED BY '...';
--   CREATE USER gatepass_migrate@localhost IDENTIFIED BY '...';
--   CREATE USER gatepass_read@localhost IDENTIFIED BY '...';
-- No grant in this file allows CREATE, ALTER or DROP. Only `gatepass db migrate` needs these rights. It runs as
-- gatepass_migrate, so grant that account the whole database first:
--   GRANT ALL ON NAME.* TO gatepass_migrate@localhost;
-- `gatepass db migrate` makes the tables (or adopts the old ones). Then make the views and run this file in the
-- database:
--   mariadb NAME < sql/views.sql
--   mariadb NAME < sql/grants.sql
-- It can be run again at any time.
--
-- On MySQL Group Replication both must see whether their server is a working member. Grant this by hand:
--   GRANT SELECT ON performance_schema.replication_group_members TO gatepass@localhost, gatepass_migrate@localhost;

-- The service changes rows, never tables. Operator commands insert and change users; a login may rehash a password.
GRANT SELECT, INSERT, UPDATE ON users TO gatepass@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_tokens TO gatepass@localhost;
-- A purge deletes rows of these two as well.
GRANT SELECT, INSERT, UPDATE, DELETE ON login_throttle TO gatepass@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON login_stats TO gatepass@localhost;
-- No DELETE: the service deletes no users. If you delete one, delete the profile too.
GRANT SELECT, INSERT, UPDATE ON profiles TO gatepass@localhost;
-- Saving a profile renews its words. A purge deletes old events.
GRANT SELECT, INSERT, DELETE ON profile_words TO gatepass@localhost;
GRANT SELECT, INSERT, DELETE ON events TO gatepass@localhost;
GRANT SELECT, INSERT, UPDATE ON counts TO gatepass@localhost;

-- People and dashboards that only read. They get the views, and no table that holds a password, a key or a digest.
GRANT SELECT ON active_sessions TO gatepass_read@localhost;
GRANT SELECT ON sessions_per_device TO gatepass_read@localhost;
GRANT SELECT ON expired_sessions TO gatepass_read@localhost;
GRANT SELECT ON throttled_now TO gatepass_read@localhost;
GRANT SELECT ON login_stats TO gatepass_read@localhost;
GRANT SELECT ON activity TO gatepass_read@localhost;
