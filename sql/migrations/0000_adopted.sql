-- Finds what an adopted database, which the PHP side made, may hold that would break a login or a revocation later.
-- This step changes nothing. Each block is one question. Its rows are the obstacles, the table in the first column.
-- The word before it says who asks, and what a row means:
--   lack     migration and /readyz: columns are missing, so no statement about this table would work
--   unfit    migration and /readyz: the statements work, but no token could be written
--   caution  migration and /readyz: a migration stops, but a running service only warns
--   refuse   migration only: some of these questions look at every schema of the server

-- lack: columns that PHP's tables have and these have not; add them, or rename the table if it is another program's
SELECT wanted.table_name, wanted.column_name
FROM (
    SELECT 'users' AS table_name, 'id' AS column_name
    UNION ALL SELECT 'users', 'username'
    UNION ALL SELECT 'users', 'password'
    UNION ALL SELECT 'users', 'creation_time'
    UNION ALL SELECT 'users', 'remote_ip'
    UNION ALL SELECT 'users', 'access_level'
    UNION ALL SELECT 'auth_tokens', 'id'
    UNION ALL SELECT 'auth_tokens', 'auth_key'
    UNION ALL SELECT 'auth_tokens', 'user_id'
    UNION ALL SELECT 'auth_tokens', 'creation_time'
    UNION ALL SELECT 'auth_tokens', 'expiry'
    UNION ALL SELECT 'auth_tokens', 'last_access'
    UNION ALL SELECT 'auth_tokens', 'device_info'
) AS wanted
JOIN information_schema.tables t ON t.table_schema = DATABASE() AND t.table_name = wanted.table_name
LEFT JOIN information_schema.columns c
    ON c.table_schema = DATABASE() AND c.table_name = wanted.table_name AND c.column_name = wanted.column_name
WHERE c.column_name IS NULL;

-- unfit: columns of auth_tokens that must have a value and have no default, so every login would fail; ALTER TABLE auth_tokens ALTER COLUMN .. SET DEFAULT .., or let them be NULL
SELECT table_name, column_name, column_type
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
    AND is_nullable = 'NO' AND column_default IS NULL AND data_type <> 'enum'
    AND extra NOT LIKE '%auto_increment%' AND extra NOT LIKE '%GENERATED%'
    AND column_name NOT IN ('id', 'auth_key', 'user_id', 'creation_time', 'expiry', 'last_access', 'device_info', 'kind',
        'name', 'claims', 'remote_ip', 'user_agent', 'parent_id', 'login_network',
        'last_ip');

-- caution: columns of users that must have a value and have no default, so `gatepass user add` would fail; ALTER TABLE users ALTER COLUMN .. SET DEFAULT .., or let them be NULL
SELECT table_name, column_name, column_type
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users'
    AND is_nullable = 'NO' AND column_default IS NULL AND data_type <> 'enum'
    AND extra NOT LIKE '%auto_increment%' AND extra NOT LIKE '%GENERATED%'
    AND column_name NOT IN
        ('id', 'username', 'password', 'creation_time', 'remote_ip', 'access_level', 'is_admin');

-- caution: foreign keys from auth_tokens, whose API and stream tokens may be of no user (user_id 0); ALTER TABLE auth_tokens DROP FOREIGN KEY ..
SELECT table_name, constraint_name, column_name, referenced_table_name
FROM information_schema.key_column_usage
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND referenced_table_name IS NOT NULL;

-- refuse: foreign keys to auth_tokens, which keep rows that a revocation deletes; ALTER TABLE (the first one here) DROP FOREIGN KEY ..
SELECT CONCAT(IF(table_schema = DATABASE(), '', CONCAT(table_schema, '.')), table_name) AS `from`, constraint_name,
    column_name, referenced_column_name
FROM information_schema.key_column_usage
WHERE referenced_table_schema = DATABASE() AND referenced_table_name = 'auth_tokens';

-- refuse: views, versioned tables and the like in the place of tables that Gatepass changes; rename a view and give the table its name, ALTER TABLE .. DROP SYSTEM VERSIONING
SELECT table_name, table_type
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type <> 'BASE TABLE'
    AND table_name IN ('users', 'auth_tokens', 'login_throttle', 'login_stats', 'profiles', 'events', 'profile_words',
        'counts');

-- refuse: partitioned tables, which cannot have the unique keys that a login needs; ALTER TABLE .. REMOVE PARTITIONING
SELECT table_name, create_options
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name IN ('users', 'auth_tokens') AND create_options LIKE '%partitioned%';

-- refuse: an id that the server does not count, or that no unique key of its own finds; ALTER TABLE .. MODIFY id INT NOT NULL AUTO_INCREMENT, ADD PRIMARY KEY (id)
SELECT c.table_name, c.column_name, c.column_type, c.extra
FROM information_schema.columns c
JOIN information_schema.tables t
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type <> 'VIEW'
WHERE c.table_schema = DATABASE() AND c.table_name IN ('users', 'auth_tokens') AND c.column_name = 'id'
    AND (c.extra NOT LIKE '%auto_increment%' OR NOT EXISTS (
        SELECT 1
        FROM information_schema.statistics s
        WHERE s.table_schema = DATABASE() AND s.table_name = c.table_name AND s.non_unique = 0
        GROUP BY s.index_name
        HAVING GROUP_CONCAT(s.column_name) = 'id'));

-- refuse: columns too long for the unique key that a login finds a row by; shorten them, or ALTER TABLE .. ROW_FORMAT=DYNAMIC
SELECT c.table_name, c.column_name, c.column_type, c.character_set_name, t.row_format
FROM information_schema.columns c
JOIN information_schema.tables t
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type <> 'VIEW'
WHERE c.table_schema = DATABASE()
    AND ((c.table_name = 'users' AND c.column_name = 'username')
        OR (c.table_name = 'auth_tokens' AND c.column_name = 'auth_key' AND c.character_maximum_length >= 64
            AND c.is_nullable = 'NO'))
    AND c.character_octet_length > IF(t.row_format IN ('Compact', 'Redundant'), 767, 3072);

-- refuse: unique keys of auth_tokens that a second login of a user would break; ALTER TABLE auth_tokens DROP KEY ..
SELECT table_name, index_name, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns
FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND non_unique = 0
GROUP BY table_name, index_name
HAVING NOT FIND_IN_SET('id', columns) AND NOT FIND_IN_SET('auth_key', columns);

-- refuse: checks of auth_tokens that tokens of other kinds, or their end (expiry 0), would break; ALTER TABLE auth_tokens DROP CONSTRAINT ..
SELECT table_name, constraint_name
FROM information_schema.table_constraints
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND constraint_type = 'CHECK'
    AND constraint_name NOT IN (
        SELECT column_name
        FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
            AND column_name NOT IN ('id', 'auth_key', 'user_id', 'creation_time', 'expiry', 'last_access', 'device_info'));

-- refuse: triggers, which may fail or change what Gatepass writes; drop them, or once you have seen that they let rows of every kind pass unchanged, make them again under a name that begins with gatepass_
SELECT event_object_table, trigger_name, action_timing, event_manipulation
FROM information_schema.triggers
WHERE trigger_schema = DATABASE() AND event_object_table IN ('users', 'auth_tokens')
    AND trigger_name NOT LIKE 'gatepass\_%';
