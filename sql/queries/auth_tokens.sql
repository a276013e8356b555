-- Tokens of every kind, shared with PHP, which looks up sha1(token) and expiry. All times are Unix seconds.

-- name: add
-- key: PRIMARY
-- From the user's row, locked: a login that overlaps `flask user disable` leaves no token behind.
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims, remote_ip,
    user_agent, parent_id)
SELECT %(auth_key)s, id, %(now)s, %(expiry)s, %(now)s, %(device_info)s, %(kind)s, %(name)s, %(claims)s, %(remote_ip)s,
    %(user_agent)s, %(parent)s
FROM users
WHERE id = %(user_id)s AND LEFT(password, 1) <> '!'
LOCK IN SHARE MODE;

-- name: add_hanging
-- key: PRIMARY, PRIMARY
-- The same for a token that another makes: one that is revoked meanwhile leaves nothing behind.
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims, remote_ip,
    user_agent, parent_id)
SELECT %(auth_key)s, u.id, %(now)s, %(expiry)s, %(now)s, %(device_info)s, %(kind)s, %(name)s, %(claims)s, %(remote_ip)s,
    %(user_agent)s, %(parent)s
FROM users u
JOIN auth_tokens parent ON parent.id = %(parent)s AND parent.expiry > 0
WHERE u.id = %(user_id)s AND LEFT(u.password, 1) <> '!'
LOCK IN SHARE MODE;

-- name: add_to_family
-- key: PRIMARY, PRIMARY, parent_id_key, parent_id_key
-- A token of DeviceHive's that another makes. At most `most` live ones of its kind hang on the same refresh token: so the
-- family of one login has an end, and what one refresh token renews. As many access tokens may outlive theirs ("alone",
-- v1/tokens/families.py). The locked row of the refresh token puts calls that come at once in a line.
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims, remote_ip,
    user_agent, parent_id)
SELECT %(auth_key)s, u.id, %(now)s, %(expiry)s, %(now)s, %(device_info)s, %(kind)s, %(name)s, %(claims)s, %(remote_ip)s,
    %(user_agent)s, %(parent)s
FROM users u
JOIN auth_tokens parent ON parent.id = %(parent)s AND parent.expiry > 0
WHERE u.id = %(user_id)s AND LEFT(u.password, 1) <> '!' AND (
    SELECT COUNT(*)
    FROM auth_tokens t
    WHERE t.parent_id = %(parent)s AND t.kind = %(kind)s AND t.expiry > %(now)s)
    + (parent.kind = %(kind)s AND parent.expiry > %(now)s) < %(most)s AND (
    SELECT COUNT(*)
    FROM auth_tokens t
    WHERE t.parent_id = %(parent)s AND t.expiry > %(now)s AND RIGHT(t.claims, 14) = ',"alone":true}') < %(most)s
FOR UPDATE;

-- name: add_hanging_of_nobody
-- key: PRIMARY
-- The same for a stream token that an API token of no user mints.
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims, remote_ip,
    user_agent, parent_id)
SELECT %(auth_key)s, 0, %(now)s, %(expiry)s, %(now)s, %(device_info)s, %(kind)s, %(name)s, %(claims)s, %(remote_ip)s,
    %(user_agent)s, %(parent)s
FROM auth_tokens parent
WHERE parent.id = %(parent)s AND parent.expiry > 0
LOCK IN SHARE MODE;

-- name: add_named
-- key: PRIMARY, PRIMARY, user_id_login_network_key, user_id_login_network_key
-- The same for a token whose name is the only one among the user's live ones: the user's row, locked by one alone, puts
-- those that are made at once in a line.
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims, remote_ip,
    user_agent, parent_id)
SELECT %(auth_key)s, u.id, %(now)s, %(expiry)s, %(last_access)s, %(device_info)s, %(kind)s, %(name)s, %(claims)s, %(remote_ip)s,
    %(user_agent)s, %(parent)s
FROM users u
JOIN auth_tokens parent ON parent.id = %(parent)s AND parent.expiry > 0
WHERE u.id = %(user_id)s AND LEFT(u.password, 1) <> '!' AND NOT EXISTS (
    SELECT 1
    FROM auth_tokens t
    WHERE t.user_id = %(user_id)s AND t.kind = %(kind)s AND t.name = %(name)s AND t.expiry > %(now)s) AND (
    SELECT COUNT(*)
    FROM auth_tokens t
    WHERE t.user_id = %(user_id)s AND t.kind = %(kind)s AND t.expiry > %(now)s) < %(most)s
FOR UPDATE;

-- name: find_named
-- key: user_id_login_network_key
SELECT id
FROM auth_tokens
WHERE user_id = %(user_id)s AND kind = %(kind)s AND name = %(name)s AND expiry > %(now)s
LIMIT 1;

-- name: add_of_nobody
-- key: none
-- An API token of a server and of no user.
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims, remote_ip,
    user_agent, parent_id)
VALUES (%(auth_key)s, 0, %(now)s, %(expiry)s, %(now)s, %(device_info)s, %(kind)s, %(name)s, %(claims)s, %(remote_ip)s,
    %(user_agent)s, %(parent)s);

-- name: check
-- key: auth_key_unique, PRIMARY
-- Every check of a token, and several at once when they come together (v1/db/batching.py): the rows of find_live, but for
-- the expiry, which each compares with its own time. One column, packed with spaces between: the driver takes longer to
-- read the description of each column than the server to find the row (bench/results.md). Texts are in hex.
SELECT CONCAT_WS(' ', LOWER(t.auth_key), t.id, t.user_id, t.kind, t.last_access, t.expiry, t.parent_id,
    HEX(COALESCE(t.claims, '')), HEX(COALESCE(NAME_BYTES(u.username), '')), COALESCE(u.access_level, 0), COALESCE(u.is_admin, 0))
FROM auth_tokens t
LEFT JOIN users u ON u.id = t.user_id
WHERE t.auth_key IN %(auth_keys)s AND (LEFT(u.password, 1) <> '!' OR (t.user_id = 0 AND t.kind IN ('api', 'stream')));

-- name: find_live
-- key: auth_key_unique, PRIMARY
-- One of user 0 has no account that could be disabled; PHP never writes such a row's kind.
SELECT t.id, t.user_id, t.kind, t.name, t.device_info, t.remote_ip, t.creation_time, t.last_access, t.expiry,
    COALESCE(t.claims, ''), COALESCE(NAME_BYTES(u.username), ''), COALESCE(u.access_level, 0), COALESCE(u.is_admin, 0)
FROM auth_tokens t
LEFT JOIN users u ON u.id = t.user_id
WHERE t.auth_key = %(auth_key)s AND t.expiry > %(now)s
    AND (LEFT(u.password, 1) <> '!' OR (t.user_id = 0 AND t.kind IN ('api', 'stream')));

-- name: find
-- key: auth_key_unique
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, COALESCE(claims, '')
FROM auth_tokens
WHERE auth_key = %(auth_key)s;

-- name: find_by_id
-- key: PRIMARY
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, COALESCE(claims, '')
FROM auth_tokens
WHERE id = %(id)s;

-- name: list_live_of_user
-- key: user_id_login_network_key
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, COALESCE(claims, '')
FROM auth_tokens
WHERE user_id = %(user_id)s AND expiry > %(now)s
ORDER BY last_access DESC, id DESC
LIMIT %(limit)s;

-- name: page_live_of_user
-- key: user_id_login_network_key
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, COALESCE(claims, '')
FROM auth_tokens
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND expiry > %(now)s
ORDER BY last_access DESC, id DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_live_kinds_of_user
-- key: user_id_login_network_key
SELECT COUNT(*)
FROM (
    SELECT 1 FROM auth_tokens WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND expiry > %(now)s LIMIT %(limit)s
) AS live;

-- name: list_kind_of_user
-- key: user_id_login_network_key
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, COALESCE(claims, '')
FROM auth_tokens
WHERE user_id = %(user_id)s AND kind = %(kind)s
ORDER BY expiry > %(now)s DESC, id DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_kind_of_user
-- key: user_id_login_network_key
SELECT COUNT(*)
FROM (SELECT 1 FROM auth_tokens WHERE user_id = %(user_id)s AND kind = %(kind)s LIMIT %(limit)s) AS made;

-- name: last_login_of_user
-- key: user_id_login_network_key
-- A pair that a token made is no login. (One of an administrator's hangs on nothing and looks like one.)
SELECT MAX(creation_time)
FROM auth_tokens
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND (kind <> 'jwt_refresh' OR parent_id = 0);

-- name: list_live_api
-- key: kind_key
-- In order of id, as every key of InnoDB ends with it. (By PRIMARY it would read all that is between them.)
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, COALESCE(claims, '')
FROM auth_tokens
WHERE id > %(after)s AND kind = 'api' AND expiry > %(now)s
ORDER BY id
LIMIT %(limit)s;

-- name: count_live_of_user
-- key: user_id_login_network_key
SELECT COUNT(*)
FROM auth_tokens
WHERE user_id = %(user_id)s AND expiry > %(now)s;

-- name: live_by_kind
-- key: PRIMARY, expiry_key
-- Of the `most` that end last, which the key alone tells, as it ends with the id: no page reads millions of rows. These are
-- then read in order of id, so that each page of the table is read once: three times as fast where not all fit in memory.
SELECT t.kind, COUNT(*) AS tokens
FROM (
    SELECT id
    FROM (SELECT id FROM auth_tokens WHERE expiry > %(now)s ORDER BY expiry DESC LIMIT %(most)s) AS last
    ORDER BY id
    LIMIT %(most)s
) AS live
STRAIGHT_JOIN auth_tokens t ON t.id = live.id
GROUP BY t.kind
ORDER BY tokens DESC, t.kind
LIMIT %(limit)s;

-- name: top_devices
-- key: PRIMARY, expiry_key
SELECT MIN(t.device_info), COUNT(*) AS sessions, COUNT(DISTINCT t.user_id)
FROM (
    SELECT id
    FROM (SELECT id FROM auth_tokens WHERE expiry > %(now)s ORDER BY expiry DESC LIMIT %(most)s) AS last
    ORDER BY id
    LIMIT %(most)s
) AS live
STRAIGHT_JOIN auth_tokens t ON t.id = live.id
WHERE t.kind IN %(kinds)s
GROUP BY t.device_info
ORDER BY sessions DESC, t.device_info
LIMIT %(limit)s;

-- name: touch
-- key: PRIMARY
-- A session of the console ends `idle` seconds after its last use, and `longest` after its login at the latest; none that
-- has ended comes back. Others end when they were to end. FORCE INDEX, as the optimizer would read a small table whole and
-- lock every row.
UPDATE auth_tokens FORCE INDEX (PRIMARY)
SET last_access = %(now)s,
    expiry = IF(kind = 'console' AND %(idle)s > 0 AND expiry > %(now)s,
        LEAST(creation_time + %(longest)s, %(now)s + %(idle)s), expiry)
WHERE id IN %(ids)s AND last_access < %(now)s;

-- name: delete
-- key: PRIMARY
-- IGNORE, here and below: a row that a foreign key of somebody else's keeps is a warning, and is ended by `end..` instead.
DELETE IGNORE FROM auth_tokens
WHERE id = %(id)s
ORDER BY id
LIMIT 1;

-- name: delete_of_user
-- key: user_id_login_network_key
DELETE IGNORE FROM auth_tokens
WHERE user_id = %(user_id)s
ORDER BY user_id
LIMIT %(limit)s;

-- name: delete_kinds_of_user
-- key: user_id_login_network_key
DELETE IGNORE FROM auth_tokens
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND id <> %(but)s
ORDER BY user_id
LIMIT %(limit)s;

-- name: end_of_user
-- key: user_id_login_network_key
-- (No FORCE INDEX, as in `list_ended`.)
UPDATE auth_tokens
SET expiry = 0
WHERE user_id = %(user_id)s AND expiry > 0
LIMIT %(limit)s;

-- name: end_kinds_of_user
-- key: user_id_login_network_key
UPDATE auth_tokens
SET expiry = 0
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND id <> %(but)s AND expiry > 0
LIMIT %(limit)s;

-- name: end
-- key: PRIMARY
-- The first step of revoking what others hang on: dead at once, and nothing more hangs on it (add_hanging), while its row
-- is there until all that did is deleted. So whoever was cut off can begin again.
UPDATE auth_tokens
SET expiry = 0
WHERE id = %(id)s AND expiry > 0;

-- name: end_refresh_tokens_of
-- key: parent_id_key
-- (FORCE INDEX, as in `touch`.)
UPDATE auth_tokens FORCE INDEX (parent_id_key)
SET expiry = 0
WHERE parent_id = %(id)s AND kind = 'jwt_refresh' AND expiry > 0
LIMIT %(limit)s;

-- name: delete_below
-- key: PRIMARY, parent_id_key, parent_id_key
-- What hangs on what hangs on this one. (Deeper it does not go: v1/tokens/families.py.)
DELETE IGNORE t
FROM auth_tokens t
JOIN (
    SELECT below.id
    FROM auth_tokens hanging
    JOIN auth_tokens below ON below.parent_id = hanging.id
    WHERE hanging.parent_id = %(id)s AND hanging.kind = 'jwt_refresh'
    LIMIT %(limit)s
) AS doomed ON doomed.id = t.id;

-- name: end_below
-- key: PRIMARY, parent_id_key, parent_id_key
UPDATE auth_tokens t
JOIN (
    SELECT below.id
    FROM auth_tokens hanging
    JOIN auth_tokens below ON below.parent_id = hanging.id
    WHERE hanging.parent_id = %(id)s AND hanging.kind = 'jwt_refresh' AND below.expiry > 0
    LIMIT %(limit)s
) AS doomed ON doomed.id = t.id
SET t.expiry = 0;

-- name: delete_kinds_of_parent
-- key: parent_id_key
DELETE IGNORE FROM auth_tokens
WHERE parent_id = %(id)s AND kind IN %(kinds)s
ORDER BY parent_id
LIMIT %(limit)s;

-- name: end_kinds_of_parent
-- key: parent_id_key
UPDATE auth_tokens FORCE INDEX (parent_id_key)
SET expiry = 0
WHERE parent_id = %(id)s AND kind IN %(kinds)s AND expiry > 0
LIMIT %(limit)s;

-- name: list_ended
-- key: expiry_key
-- Refresh tokens whose revocation was cut off. (CONCAT, as the optimizer would else look through all of the kind. No FORCE
-- INDEX: an adopted table may have a key of another name.)
SELECT id
FROM auth_tokens
WHERE expiry = 0 AND CONCAT(kind) = 'jwt_refresh'
LIMIT %(limit)s;

-- name: list_unused_of_user
-- key: user_id_login_network_key
-- What is beyond the `keep` used last, of those older than the new one: of two logins at once one must not drop the other,
-- and the other the one.
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, COALESCE(claims, '')
FROM auth_tokens
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND expiry > %(now)s AND id < %(but)s
    AND (kind <> 'jwt_refresh' OR parent_id = 0)
ORDER BY last_access DESC, id DESC
LIMIT %(limit)s OFFSET %(keep)s;

-- name: count_expired
-- key: expiry_key
SELECT COUNT(*)
FROM (
    SELECT 1 FROM auth_tokens WHERE expiry <= %(before)s AND (expiry <> 0 OR kind <> 'jwt_refresh') LIMIT %(limit)s
) AS expired;

-- name: delete_expired
-- key: expiry_key
-- But for refresh tokens that are being revoked.
DELETE IGNORE FROM auth_tokens
WHERE expiry <= %(before)s AND (expiry <> 0 OR kind <> 'jwt_refresh')
ORDER BY expiry
LIMIT %(limit)s;
