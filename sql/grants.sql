-- The least that each account needs. Create the accounts first, with passwords of your own:
--   CREATE USER gatepass@localhost IDENTIFIED BY '...';
--   CREATE USER gatepass_migrate@localhost IDENTIFIED BY '...';
-- then run this in the database itself, after `flask db migrate` has made the tables (or on the adopted ones):
--   mariadb NAME < sql/grants.sql

-- The service: rows, never tables. It inserts and changes users only by operator verbs and the rehash of a password.
GRANT SELECT, INSERT, UPDATE ON users TO gatepass@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_tokens TO gatepass@localhost;
