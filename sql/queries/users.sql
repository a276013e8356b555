-- Users, shared with PHP. An old column may hold NULLs: the empty name and the empty hash, which nobody can log in with.
--
-- The charset and collation of users.username are the adopted database's. v1/db/statements.py writes what stands here as
--   NAME_VALUE(hex)      the name as a value that the column's key serves, or NULL where its charset lacks a character.
--                        The hex is of the column's own bytes in latin1 and utf8mb4, of UTF-8 for every other charset.
--   NAME_BYTES(column)   the name as bytes: the column's own in latin1, as PHP wrote them there; UTF-8 everywhere else.
-- (A plain CONVERT(.. USING latin1) was tried: it is refused with "Illegal mix of collations" where the column's
-- collation is not latin1's default.)

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

-- name: list
-- key: PRIMARY
SELECT id, COALESCE(NAME_BYTES(username), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), ''), rehash_cost
FROM users
WHERE id > %(after)s
ORDER BY id
LIMIT %(limit)s;

-- name: search
-- key: PRIMARY, username_unique
-- A page of the names that begin so. What it skips is read from the key alone, which ends with the id.
SELECT u.id, COALESCE(NAME_BYTES(u.username), ''), COALESCE(CAST(u.password AS BINARY), ''), u.access_level,
    u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), ''), u.rehash_cost
FROM (
    SELECT id
    FROM users
    WHERE %(all)s OR username LIKE NAME_VALUE(%(pattern)s)
    ORDER BY username
    LIMIT %(limit)s OFFSET %(offset)s
) AS page
JOIN users u ON u.id = page.id
ORDER BY u.username, u.id
LIMIT %(limit)s;

-- name: count_search
-- key: username_unique
SELECT COUNT(*)
FROM (SELECT 1 FROM users WHERE %(all)s OR username LIKE NAME_VALUE(%(pattern)s) LIMIT %(limit)s) AS found;

-- name: fit
-- key: none
-- How many characters the name has in the column; NULL for a name that its charset cannot hold.
SELECT CHAR_LENGTH(NAME_VALUE(%(username)s));

-- name: add
-- key: none
INSERT INTO users (username, password, creation_time, remote_ip, access_level, is_admin)
VALUES (NAME_VALUE(%(username)s), %(password)s, NOW(), '', 1, %(is_admin)s);

-- name: change_password
-- key: PRIMARY
-- Bytes are compared: a password that was changed meanwhile wins.
UPDATE users
SET password = %(new)s
WHERE id = %(id)s AND CAST(password AS BINARY) = CAST(%(old)s AS BINARY);

-- name: rehash
-- key: PRIMARY
-- The same by a login. `rehash_cost` remembers it: a row that comes back cheaper is not rehashed again.
UPDATE users
SET password = %(new)s, rehash_cost = %(cost)s
WHERE id = %(id)s AND CAST(password AS BINARY) = CAST(%(old)s AS BINARY);

-- name: set_password
-- key: PRIMARY
-- A disabled user stays disabled.
UPDATE users
SET password = CONCAT(IF(LEFT(password, 1) = '!', '!', ''), %(password)s)
WHERE id = %(id)s;

-- name: disable
-- key: PRIMARY
-- PHP's own login looks only at the password: with `!` in front no hash verifies.
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
