-- What `flask db` asks the server about tables and about itself. (The steps are in sql/migrations/.)

-- name: lock
-- key: none
-- One migration a database at a time. The server frees the lock when the connection ends, however it ends.
SELECT GET_LOCK(LEFT(CONCAT('gatepass.migrate.', DATABASE()), 64), 0);

-- name: tables
-- key: none
SELECT table_name
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE';

-- name: connection_id
-- key: none
SELECT CONNECTION_ID();

-- name: progress
-- key: none
-- MariaDB only: MySQL has no such columns and the verb then shows the seconds alone.
SELECT 100 * (GREATEST(stage, 1) - 1 + progress / 100) / GREATEST(max_stage, 1)
FROM information_schema.processlist
WHERE id = %(connection_id)s;

-- name: count_users
-- key: none
-- Counting reads an index from end to end; only the migration does it.
SELECT COUNT(*) FROM users;

-- name: count_auth_tokens
-- key: none
SELECT COUNT(*) FROM auth_tokens;
