-- Users, shared with PHP. Names go in as the hex of the column's own bytes behind a charset introducer, so that the
-- comparison is by the column's collation and its key serves it. (CONVERT(.. USING latin1) was tried: it is refused
-- with "Illegal mix of collations" where the column's collation is not latin1's default.) They come out as bytes.
-- An old column may hold NULLs: the empty name and the empty hash, which nobody can log in with.

-- name: find_latin1
-- key: username_unique
SELECT id, COALESCE(CAST(username AS BINARY), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), '')
FROM users
WHERE username = _latin1 X%(username)s;

-- name: find_utf8mb4
-- key: username_unique
SELECT id, COALESCE(CAST(username AS BINARY), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), '')
FROM users
WHERE username = _utf8mb4 X%(username)s;

-- name: find_by_id
-- key: PRIMARY
SELECT id, COALESCE(CAST(username AS BINARY), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), '')
FROM users
WHERE id = %(id)s;

-- name: list
-- key: PRIMARY
SELECT id, COALESCE(CAST(username AS BINARY), ''), COALESCE(CAST(password AS BINARY), ''), access_level, is_admin,
    COALESCE(CAST(creation_time AS CHAR), '')
FROM users
WHERE id > %(after)s
ORDER BY id
LIMIT %(limit)s;

-- name: search_latin1
-- key: PRIMARY, username_unique
-- A page of the names that begin so. What it skips is read from the key alone, which ends with the id.
SELECT u.id, COALESCE(CAST(u.username AS BINARY), ''), COALESCE(CAST(u.password AS BINARY), ''), u.access_level,
    u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), '')
FROM (
    SELECT id
    FROM users
    WHERE %(all)s OR username LIKE _latin1 X%(pattern)s
    ORDER BY username
    LIMIT %(limit)s OFFSET %(offset)s
) AS page
JOIN users u ON u.id = page.id
ORDER BY u.username, u.id
LIMIT %(limit)s;

-- name: search_utf8mb4
-- key: PRIMARY, username_unique
SELECT u.id, COALESCE(CAST(u.username AS BINARY), ''), COALESCE(CAST(u.password AS BINARY), ''), u.access_level,
    u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), '')
FROM (
    SELECT id
    FROM users
    WHERE %(all)s OR username LIKE _utf8mb4 X%(pattern)s
    ORDER BY username
    LIMIT %(limit)s OFFSET %(offset)s
) AS page
JOIN users u ON u.id = page.id
ORDER BY u.username, u.id
LIMIT %(limit)s;

-- name: count_search_latin1
-- key: username_unique
SELECT COUNT(*)
FROM (SELECT 1 FROM users WHERE %(all)s OR username LIKE _latin1 X%(pattern)s LIMIT %(limit)s) AS found;

-- name: count_search_utf8mb4
-- key: username_unique
SELECT COUNT(*)
FROM (SELECT 1 FROM users WHERE %(all)s OR username LIKE _utf8mb4 X%(pattern)s LIMIT %(limit)s) AS found;

-- name: add_latin1
-- key: none
INSERT INTO users (username, password, creation_time, remote_ip, access_level, is_admin)
VALUES (_latin1 X%(username)s, %(password)s, NOW(), '', 1, %(is_admin)s);

-- name: add_utf8mb4
-- key: none
INSERT INTO users (username, password, creation_time, remote_ip, access_level, is_admin)
VALUES (_utf8mb4 X%(username)s, %(password)s, NOW(), '', 1, %(is_admin)s);

-- name: change_password
-- key: PRIMARY
-- Bytes are compared: a password that was changed meanwhile wins.
UPDATE users
SET password = %(new)s
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
