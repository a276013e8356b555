-- What `gatepass db` asks the server. The steps of a migration are in sql/migrations/.

-- name: lock
-- key: none
-- Only one migration of a database runs at a time. The server frees the lock when the connection ends, for any reason.
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
-- MariaDB only. MySQL lacks these columns: there the command shows only the seconds.
SELECT 100 * (GREATEST(stage, 1) - 1 + progress / 100) / GREATEST(max_stage, 1)
FROM information_schema.processlist
WHERE id = %(connection_id)s;

-- name: count_users
-- key: none
-- Counting reads a whole index. Only the migration does that.
SELECT COUNT(*) FROM users;

-- name: count_auth_tokens
-- key: none
SELECT COUNT(*) FROM auth_tokens;

-- name: count_login_throttle
-- key: none
SELECT COUNT(*) FROM login_throttle;

-- name: count_profiles
-- key: none
SELECT COUNT(*) FROM profiles;
