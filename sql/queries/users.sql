-- Users. PHP shares the table. An adopted column may hold NULLs: they are read as the empty name and the empty hash,
-- which no password matches.
--
-- An adopted database keeps the charset and collation of users.username. Two markers stand for the SQL that depends on
-- them; v1/db/statements.py expands them and shows an example:
--   NAME_VALUE(hex)      a name to compare the column with, so that the column's key is used. NULL where the charset
--                        lacks a character of it. The hex is of the column's own bytes for latin1 and utf8mb4, and of
--                        UTF-8 for every other charset.
--   NAME_BYTES(column)   the bytes of a stored name: the column's own for latin1, as PHP wrote them; else UTF-8.

-- name: find
-- key: username_unique
SELECT id, COALESCE(NAME_BYTES(username), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), ''), rehash_cost
FROM users
WHERE username = NAME_VALUE(%(username)s);

-- name: find_by_id
-- key: PRIMARY
SELECT id, COALESCE(NAME_BYTES(username), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), ''), rehash_cost
FROM users
WHERE id = %(id)s;

-- name: password
-- key: PRIMARY
SELECT COALESCE(CAST(password AS BINARY), '')
FROM users
WHERE id = %(id)s;

-- name: list
-- key: PRIMARY
SELECT id, COALESCE(NAME_BYTES(username), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), ''), rehash_cost
FROM users
WHERE id > %(after)s
ORDER BY id
LIMIT %(limit)s;

-- name: page_by_name
-- key: PRIMARY, username_unique
-- The inner SELECT reads the key alone, also for the rows it skips: a key of InnoDB ends with the id.
SELECT u.id, COALESCE(NAME_BYTES(u.username), ''), COALESCE(CAST(u.password AS BINARY), ''), u.access_level,
    u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), ''), u.rehash_cost
FROM (SELECT id FROM users ORDER BY username LIMIT %(limit)s OFFSET %(offset)s) AS page
JOIN users u ON u.id = page.id
ORDER BY u.username, u.id
LIMIT %(limit)s;

-- name: page_newest
-- key: PRIMARY
SELECT id, COALESCE(NAME_BYTES(username), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), ''), rehash_cost
FROM users
ORDER BY id DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count
-- key: is_admin_key
SELECT COUNT(*)
FROM (SELECT 1 FROM users LIMIT %(limit)s) AS found;

-- name: named
-- key: username_unique
-- The users whose names match the pattern. Each is its own row: see auth_tokens.users_at_address.
SELECT id, 1, ''
FROM users
WHERE username LIKE NAME_VALUE(%(pattern)s)
ORDER BY username
LIMIT %(limit)s;

-- name: disabled
-- key: disabled_key
SELECT id, 1, ''
FROM users
WHERE password LIKE %(pattern)s
LIMIT %(limit)s;

-- name: administrators
-- key: is_admin_key
SELECT id, 1, ''
FROM users
WHERE is_admin <> 0
LIMIT %(limit)s;

-- name: page_of_ids
-- key: PRIMARY
-- One page of these ids, a JSON list: those that exist and pass the filters, by name or the newest first.
SELECT u.id, COALESCE(NAME_BYTES(u.username), ''), COALESCE(CAST(u.password AS BINARY), ''), u.access_level,
    u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), ''), u.rehash_cost
FROM JSON_TABLE(%(among)s, '$[*]' COLUMNS (id INT PATH '$')) AS found
STRAIGHT_JOIN users u ON u.id = found.id
WHERE (NOT %(disabled)s OR LEFT(u.password, 1) = '!') AND (NOT %(administrators)s OR u.is_admin <> 0)
ORDER BY IF(%(newest)s, u.id, 0) DESC, u.username, u.id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_of_ids
-- key: PRIMARY
SELECT COUNT(*)
FROM JSON_TABLE(%(among)s, '$[*]' COLUMNS (id INT PATH '$')) AS found
STRAIGHT_JOIN users u ON u.id = found.id
WHERE (NOT %(disabled)s OR LEFT(u.password, 1) = '!') AND (NOT %(administrators)s OR u.is_admin <> 0);

-- name: fit
-- key: none
-- Does the name fit? Its length in characters of the column; NULL for a name that the column's charset cannot hold.
SELECT CHAR_LENGTH(NAME_VALUE(%(username)s));

-- name: add
-- key: none
INSERT INTO users (username, password, creation_time, remote_ip, access_level, is_admin)
VALUES (NAME_VALUE(%(username)s), %(password)s, NOW(), '', 1, %(is_admin)s);

-- name: change_password
-- key: PRIMARY
-- Changes the password only if the stored hash is still the old one, byte for byte: a change made meanwhile stays.
UPDATE users
SET password = %(new)s
WHERE id = %(id)s AND CAST(password AS BINARY) = CAST(%(old)s AS BINARY);

-- name: rehash
-- key: PRIMARY
-- The same, by a login that hashes the password anew. `rehash_cost` is kept so that a hash which another program makes
-- cheaper again is not rehashed at every login.
UPDATE users
SET password = %(new)s, rehash_cost = %(cost)s
WHERE id = %(id)s AND CAST(password AS BINARY) = CAST(%(old)s AS BINARY);

-- name: set_password
-- key: PRIMARY
-- A leading `!` stays: a disabled user stays disabled.
UPDATE users
SET password = CONCAT(IF(LEFT(password, 1) = '!', '!', ''), %(password)s)
WHERE id = %(id)s;

-- name: disable
-- key: PRIMARY
-- PHP's login looks only at the hash. With `!` in front no password matches it.
UPDATE users
SET password = CONCAT('!', COALESCE(password, ''))
WHERE id = %(id)s AND COALESCE(LEFT(password, 1), '') <> '!';

-- name: enable
-- key: PRIMARY
UPDATE users
SET password = SUBSTRING(password, 2)
WHERE id = %(id)s AND LEFT(password, 1) = '!';

-- name: set_admin
-- key: PRIMARY
UPDATE users
SET is_admin = %(is_admin)s
WHERE id = %(id)s;
