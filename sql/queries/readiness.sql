-- What /readyz runs to see whether every table can be read and written. No statement changes a row.

-- name: read_users
-- key: PRIMARY
SELECT id FROM users ORDER BY id LIMIT 1;

-- name: read_auth_tokens
-- key: PRIMARY
SELECT id FROM auth_tokens ORDER BY id LIMIT 1;

-- name: read_login_throttle
-- key: PRIMARY
SELECT scope FROM login_throttle ORDER BY scope LIMIT 1;

-- name: read_login_stats
-- key: PRIMARY
SELECT hour FROM login_stats ORDER BY hour LIMIT 1;

-- name: read_profiles
-- key: PRIMARY
SELECT user_id FROM profiles ORDER BY user_id LIMIT 1;

-- name: read_profile_words
-- key: PRIMARY
SELECT user_id FROM profile_words ORDER BY word LIMIT 1;

-- name: read_events
-- key: PRIMARY
SELECT id FROM events ORDER BY id LIMIT 1;

-- name: read_counts
-- key: PRIMARY
SELECT name FROM counts ORDER BY name LIMIT 1;

-- name: add_event
-- key: none
INSERT INTO events (time, event)
SELECT 0, '' FROM (SELECT 1 AS x) AS x WHERE FALSE;

-- name: insert_token
-- key: none
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)
SELECT '', 0, 0, 0, 0, '' FROM (SELECT 1 AS x) AS x WHERE FALSE;

-- name: update_token
-- key: PRIMARY
UPDATE auth_tokens
SET last_access = 0
WHERE id = 0;

-- name: delete_token
-- key: PRIMARY
DELETE FROM auth_tokens
WHERE id = 0
ORDER BY id
LIMIT 1;

-- name: count_failure
-- key: none
INSERT INTO login_throttle (scope, failures, window_end, expiry)
SELECT '', 0, 0, 0 FROM (SELECT 1 AS x) AS x WHERE FALSE
ON DUPLICATE KEY UPDATE login_throttle.failures = 0;

-- name: clear_failures
-- key: PRIMARY
DELETE FROM login_throttle
WHERE scope = '' AND user_id = 0 AND name_digest = '' AND address = ''
ORDER BY scope
LIMIT 1;

-- name: oldest_expired
-- key: expiry_key
-- The first that the purge would delete. A token with expiry 0 is being revoked.
SELECT UNIX_TIMESTAMP() - expiry FROM auth_tokens
WHERE expiry > 0 AND expiry <= UNIX_TIMESTAMP()
ORDER BY expiry
LIMIT 1;

-- name: used_ids
-- key: none
-- The share of its numbers that an id column has used up. user_id must hold every users.id, so it is compared with
-- the ids of users.
SELECT CONCAT(c.table_name, '.', c.column_name),
    (COALESCE(t.auto_increment, 1) - 1) / (IF(LOCATE('unsigned', c.column_type), 2, 1)
    * CASE c.data_type WHEN 'tinyint' THEN 127 WHEN 'smallint' THEN 32767 WHEN 'mediumint' THEN 8388607
        WHEN 'int' THEN 2147483647 ELSE 9223372036854775807 END)
FROM information_schema.columns c
JOIN information_schema.tables t
    ON t.table_schema = c.table_schema AND t.table_name = IF(c.column_name = 'user_id', 'users', c.table_name)
WHERE c.table_schema = DATABASE() AND (c.column_name = 'id' AND c.table_name IN ('users', 'auth_tokens')
    OR c.column_name = 'user_id' AND c.table_name = 'auth_tokens');

-- name: clock
-- key: none
SELECT UNIX_TIMESTAMP(SYSDATE(6));
