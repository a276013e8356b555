-- Tokens of every kind. PHP shares the table: it looks up sha1(token) and the expiry. All times are Unix seconds.
--
-- A token may have a parent: the token that made it, or the refresh token of its family. The head of a family is the
-- refresh token of a DeviceHive login. Its children are access tokens and refresh tokens, and these refresh tokens have
-- access tokens as children. When the head is revoked, the whole family is.
--
-- To end a token (`end`, `end_of_user`, ..) is to set its expiry to 0: it opens nothing, but its row stays.

-- part: INSERT_TOKEN
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims,
    remote_ip, user_agent, parent_id)
SELECT %(auth_key)s, owner.id, %(now)s, %(expiry)s, %(last_access)s, %(device_info)s, %(kind)s, %(name)s, %(claims)s,
    %(remote_ip)s, %(user_agent)s, %(parent)s

-- part: SELECT_TOKEN
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, COALESCE(claims, ''),
    last_ip
FROM auth_tokens

-- name: add
-- key: PRIMARY
-- The user's row is locked, so a login that runs at the same time as `gatepass user disable` leaves no token behind.
INSERT_TOKEN
FROM users owner
WHERE owner.id = %(user_id)s AND LEFT(owner.password, 1) <> '!'
LOCK IN SHARE MODE;

-- name: add_child
-- key: PRIMARY, PRIMARY
-- The parent's row is locked too, so a parent that is revoked at the same time leaves no child behind.
INSERT_TOKEN
FROM users owner
JOIN auth_tokens parent ON parent.id = %(parent)s AND parent.expiry > 0
WHERE owner.id = %(user_id)s AND LEFT(owner.password, 1) <> '!'
LOCK IN SHARE MODE;

-- name: add_to_family
-- key: PRIMARY, PRIMARY, parent_id_key, parent_id_key
-- A child of DeviceHive's refresh token, unless the family is full. A family is full with
--   * `most` live tokens of this kind, the parent included if it is of this kind, or
--   * `most` live access tokens whose own refresh token expires earlier. Such a token is a child of the head, and its
--     claims end with `"alone":true`.
-- FOR UPDATE locks the parent's row: concurrent calls run one after the other, and each counts what the others added.
INSERT_TOKEN
FROM users owner
JOIN auth_tokens parent ON parent.id = %(parent)s AND parent.expiry > 0
WHERE owner.id = %(user_id)s AND LEFT(owner.password, 1) <> '!' AND (
    SELECT COUNT(*)
    FROM auth_tokens t
    WHERE t.parent_id = %(parent)s AND t.kind = %(kind)s AND t.expiry > %(now)s)
    + (parent.kind = %(kind)s AND parent.expiry > %(now)s) < %(most)s AND (
    SELECT COUNT(*)
    FROM auth_tokens t
    WHERE t.parent_id = %(parent)s AND t.expiry > %(now)s AND RIGHT(t.claims, 14) = ',"alone":true}') < %(most)s
FOR UPDATE;

-- name: add_named
-- key: PRIMARY, PRIMARY, user_id_login_network_key, user_id_login_network_key
-- A personal token, whose name no other live one of this user has, unless the user has `most` live ones. FOR UPDATE
-- locks the user's row: concurrent calls run one after the other, and each sees what the others added.
INSERT_TOKEN
FROM users owner
JOIN auth_tokens parent ON parent.id = %(parent)s AND parent.expiry > 0
WHERE owner.id = %(user_id)s AND LEFT(owner.password, 1) <> '!' AND NOT EXISTS (
    SELECT 1
    FROM auth_tokens t
    WHERE t.user_id = %(user_id)s AND t.kind = %(kind)s AND t.name = %(name)s AND t.expiry > %(now)s) AND (
    SELECT COUNT(*)
    FROM auth_tokens t
    WHERE t.user_id = %(user_id)s AND t.kind = %(kind)s AND t.expiry > %(now)s) < %(most)s
FOR UPDATE;

-- name: rename
-- key: PRIMARY, PRIMARY, user_id_login_network_key
-- Renames a live personal token, unless another live one of this user has the name. The row that is inserted is there
-- already, so only its name changes. It is an INSERT to lock the user's row first, as add_named does: an UPDATE locks
-- the token's row first, so that concurrent calls would not see each other.
INSERT INTO auth_tokens (id, auth_key, user_id, creation_time, expiry, last_access, device_info)
SELECT mine.id, mine.auth_key, owner.id, mine.creation_time, mine.expiry, mine.last_access, mine.device_info
FROM users owner
JOIN auth_tokens mine ON mine.id = %(id)s AND mine.user_id = owner.id AND mine.kind = %(kind)s
    AND mine.expiry > %(now)s
WHERE owner.id = %(user_id)s AND NOT EXISTS (
    SELECT 1
    FROM auth_tokens t
    WHERE t.user_id = %(user_id)s AND t.kind = %(kind)s AND t.name = %(name)s AND t.expiry > %(now)s
        AND t.id <> %(id)s)
FOR UPDATE
ON DUPLICATE KEY UPDATE auth_tokens.name = %(name)s;

-- name: add_without_user
-- key: none
-- An API token of a server: it has no user.
INSERT_TOKEN
FROM (SELECT 0 AS id) AS owner;

-- name: add_child_without_user
-- key: PRIMARY
-- A stream token that such an API token mints.
INSERT_TOKEN
FROM (SELECT 0 AS id) AS owner
JOIN auth_tokens parent ON parent.id = %(parent)s AND parent.expiry > 0
LOCK IN SHARE MODE;

-- name: find_named
-- key: user_id_login_network_key
-- The live token of this user, kind and name.
SELECT id
FROM auth_tokens
WHERE user_id = %(user_id)s AND kind = %(kind)s AND name = %(name)s AND expiry > %(now)s
LIMIT 1;

-- name: parent_lives
-- key: PRIMARY, PRIMARY
-- Whether a token may have this parent and this owner (0: none).
SELECT parent.id
FROM auth_tokens parent
LEFT JOIN users owner ON owner.id = %(user_id)s
WHERE parent.id = %(parent)s AND parent.expiry > 0 AND (%(user_id)s = 0 OR LEFT(owner.password, 1) <> '!');

-- name: count_named
-- key: user_id_login_network_key
-- The number of live tokens of this user, kind and name, counted up to 2.
SELECT COUNT(*)
FROM (
    SELECT 1
    FROM auth_tokens
    WHERE user_id = %(user_id)s AND kind = %(kind)s AND name = %(name)s AND expiry > %(now)s
    LIMIT 2
) AS named;

-- name: check
-- key: auth_key_unique, PRIMARY
-- Checks the tokens of one request, or of a batch of requests. It finds the tokens that find_live finds, and expired
-- ones too: each request compares the expiry with its own time.
-- Each row is one column of text: values joined by spaces, claims and name in hex (v1/db/packed_row.py says why).
SELECT CONCAT_WS(' ', LOWER(t.auth_key), t.id, t.user_id, t.kind, t.last_access, t.expiry, t.parent_id,
    HEX(COALESCE(t.claims, '')), HEX(COALESCE(NAME_BYTES(u.username), '')), COALESCE(u.access_level, 0),
    COALESCE(u.is_admin, 0))
FROM auth_tokens t
LEFT JOIN users u ON u.id = t.user_id
WHERE t.auth_key IN %(auth_keys)s AND (LEFT(u.password, 1) <> '!' OR (t.user_id = 0 AND t.kind IN ('api', 'stream')));

-- name: find_live
-- key: auth_key_unique, PRIMARY
-- A token is live if it is not expired and its user exists and is not disabled. An API or stream token may have no user
-- (user_id 0). PHP writes neither kind.
SELECT t.id, t.user_id, t.kind, t.name, t.device_info, t.remote_ip, t.creation_time, t.last_access, t.expiry,
    COALESCE(t.claims, ''), t.last_ip, COALESCE(NAME_BYTES(u.username), ''), COALESCE(u.access_level, 0), COALESCE(u.is_admin, 0)
FROM auth_tokens t
LEFT JOIN users u ON u.id = t.user_id
WHERE t.auth_key = %(auth_key)s AND t.expiry > %(now)s
    AND (LEFT(u.password, 1) <> '!' OR (t.user_id = 0 AND t.kind IN ('api', 'stream')));

-- name: find
-- key: auth_key_unique
-- Expired tokens too, and those of disabled users.
SELECT_TOKEN
WHERE auth_key = %(auth_key)s;

-- name: find_by_id
-- key: PRIMARY
SELECT_TOKEN
WHERE id = %(id)s;

-- name: list_live_of_user
-- key: user_id_login_network_key
SELECT_TOKEN
WHERE user_id = %(user_id)s AND expiry > %(now)s
ORDER BY last_access DESC, id DESC
LIMIT %(limit)s;

-- name: page_devices_of_user
-- key: PRIMARY, user_id_login_network_key
-- One page of a user's live tokens, those of one device and address as one row: its newest token, with the first and
-- the last time of all and their number. API tokens, and the token `own`, are rows by themselves. The innermost SELECT
-- bounds what is grouped.
SELECT newest.id, newest.user_id, newest.kind, newest.name, newest.device_info, newest.remote_ip, device.first_seen,
    device.last_seen, device.expiry, COALESCE(newest.claims, ''), device.tokens, newest.user_agent
FROM (
    SELECT MAX(id) AS id, MIN(creation_time) AS first_seen, MAX(last_access) AS last_seen, MAX(expiry) AS expiry,
        COUNT(*) AS tokens
    FROM (
        SELECT id, kind, device_info, remote_ip, creation_time, last_access, expiry,
            IF(kind IN %(api_kinds)s OR id = %(own)s, id, 0) AS alone
        FROM auth_tokens
        WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND expiry > %(now)s
        LIMIT %(most)s
    ) AS live
    GROUP BY kind, device_info, remote_ip, alone
    ORDER BY MAX(last_access) DESC, MAX(id) DESC
    LIMIT %(limit)s OFFSET %(offset)s
) AS device
JOIN auth_tokens newest ON newest.id = device.id
ORDER BY device.last_seen DESC, device.id DESC
LIMIT %(limit)s;

-- name: count_devices_of_user
-- key: user_id_login_network_key
SELECT COUNT(*)
FROM (
    SELECT 1
    FROM (
        SELECT kind, device_info, remote_ip, IF(kind IN %(api_kinds)s OR id = %(own)s, id, 0) AS alone
        FROM auth_tokens
        WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND expiry > %(now)s
        LIMIT %(most)s
    ) AS live
    GROUP BY kind, device_info, remote_ip, alone
) AS devices;

-- name: list_alike_of_user
-- key: user_id_login_network_key
-- The user's live tokens of this kind, device and address, but for `own`. The inner SELECT bounds what is compared.
SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry, claims
FROM (
    SELECT id, user_id, kind, name, device_info, remote_ip, creation_time, last_access, expiry,
        COALESCE(claims, '') AS claims,
        kind = %(kind)s AND device_info = %(device)s AND remote_ip = %(address)s AS is_alike
    FROM auth_tokens
    WHERE user_id = %(user_id)s AND expiry > %(now)s AND id <> %(own)s
    LIMIT %(most)s
) AS live
WHERE is_alike
ORDER BY id
LIMIT %(limit)s;

-- name: count_live_kinds_of_user
-- key: user_id_login_network_key
SELECT COUNT(*)
FROM (
    SELECT 1 FROM auth_tokens WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND expiry > %(now)s LIMIT %(limit)s
) AS live;

-- name: list_kind_of_user
-- key: user_id_login_network_key
SELECT_TOKEN
WHERE user_id = %(user_id)s AND kind = %(kind)s
ORDER BY expiry > %(now)s DESC, id DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_kind_of_user
-- key: user_id_login_network_key
SELECT COUNT(*)
FROM (SELECT 1 FROM auth_tokens WHERE user_id = %(user_id)s AND kind = %(kind)s LIMIT %(limit)s) AS made;

-- name: live_among
-- key: PRIMARY
-- Those of these ids that are live tokens of this user.
SELECT id
FROM auth_tokens
WHERE id IN %(ids)s AND user_id = %(user_id)s AND expiry > %(now)s
LIMIT %(limit)s;

-- name: last_login_of_user
-- key: user_id_login_network_key
-- A refresh token with a parent was made by another token: it is no login. (Those that an administrator's token made
-- have no parent. They count as logins here.)
SELECT MAX(creation_time)
FROM auth_tokens
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND (kind <> 'jwt_refresh' OR parent_id = 0);

-- name: list_live_api
-- key: PRIMARY, kind_expiry_key
-- The inner SELECT reads the key alone: every key of InnoDB ends with the id. (By PRIMARY it would read the many tokens
-- of other kinds in between. The hint is MySQL's; for a key that a DBA has named otherwise it does nothing.)
SELECT t.id, t.user_id, t.kind, t.name, t.device_info, t.remote_ip, t.creation_time, t.last_access, t.expiry,
    COALESCE(t.claims, ''), t.last_ip
FROM (
    SELECT /*+ INDEX(auth_tokens kind_expiry_key) */ id
    FROM auth_tokens
    WHERE kind = 'api' AND expiry > %(now)s AND id > %(after)s
    ORDER BY id
    LIMIT %(limit)s
) AS page
JOIN auth_tokens t ON t.id = page.id
ORDER BY t.id
LIMIT %(limit)s;

-- name: count_live_of_user
-- key: user_id_login_network_key
SELECT COUNT(*)
FROM auth_tokens
WHERE user_id = %(user_id)s AND expiry > %(now)s;

-- name: sessions_of_user
-- key: user_id_login_network_key
-- The number of the user's live sessions, when one was last used, and how many tokens were read. Backwards in the key:
-- logins stand behind the user's other tokens, and those that expire last behind the expired.
SELECT COUNT(IF(live, 1, NULL)), COALESCE(MAX(IF(live, last_access, 0)), 0), COUNT(*)
FROM (
    SELECT kind IN %(kinds)s AND expiry > %(now)s AS live, last_access
    FROM auth_tokens
    WHERE user_id = %(user_id)s
    ORDER BY login_network DESC, expiry DESC
    LIMIT %(limit)s
) AS tokens;

-- name: users_at_address
-- key: PRIMARY, remote_ip_key
-- The users who hold a live token of this address; each with the number of tokens that were read. Tokens that are not
-- live, or that no user holds, count for user 0. So the sum says whether `scanned` was reached.
SELECT IF(t.expiry > %(now)s, t.user_id, 0) AS holder, COUNT(*), ''
FROM (SELECT id FROM auth_tokens WHERE remote_ip = %(address)s ORDER BY id DESC LIMIT %(scanned)s) AS newest
JOIN auth_tokens t ON t.id = newest.id
GROUP BY holder
ORDER BY holder
LIMIT %(limit)s;

-- name: users_on_device
-- key: device_info_key
-- The same for a device of this name.
SELECT IF(expiry > %(now)s, user_id, 0) AS holder, COUNT(*), MIN(device_info)
FROM (
    SELECT user_id, expiry, device_info
    FROM auth_tokens
    WHERE device_info = %(device)s
    ORDER BY user_id, expiry
    LIMIT %(scanned)s
) AS tokens
GROUP BY holder
ORDER BY holder
LIMIT %(limit)s;

-- name: users_on_devices
-- key: device_info_key
-- The same for devices whose names match the pattern.
SELECT IF(expiry > %(now)s, user_id, 0) AS holder, COUNT(*), MIN(device_info)
FROM (
    SELECT user_id, expiry, device_info
    FROM auth_tokens
    WHERE device_info LIKE %(devices)s
    ORDER BY device_info, user_id, expiry
    LIMIT %(scanned)s
) AS tokens
GROUP BY holder
ORDER BY holder
LIMIT %(limit)s;

-- name: touch
-- key: PRIMARY
-- Sets last_access, which never goes back. A console session that has not expired then expires `idle` seconds from now,
-- or `longest` seconds after its login if that is earlier. Other tokens keep their expiry.
-- FORCE INDEX: without it the optimizer reads a small table whole, and locks every row.
UPDATE auth_tokens FORCE INDEX (PRIMARY)
SET last_access = %(now)s,
    expiry = IF(kind = 'console' AND %(idle)s > 0 AND expiry > %(now)s,
        LEAST(creation_time + %(longest)s, %(now)s + %(idle)s), expiry)
WHERE id IN %(ids)s AND last_access < %(now)s;

-- name: touch_from
-- key: PRIMARY
-- The same for API tokens, which also note the address that used them. They never are console sessions.
UPDATE auth_tokens FORCE INDEX (PRIMARY)
SET last_access = %(now)s, last_ip = %(address)s
WHERE id IN %(ids)s AND last_access < %(now)s;

-- name: delete
-- key: PRIMARY
-- IGNORE, here and below: a foreign key that Gatepass did not make may keep a row. Then the server warns, and the
-- statement `end..` of the same rows ends their tokens.
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
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND id <> %(except_id)s
ORDER BY user_id
LIMIT %(limit)s;

-- name: end_of_user
-- key: user_id_login_network_key
-- No FORCE INDEX: an adopted table may have this key under another name.
UPDATE auth_tokens
SET expiry = 0
WHERE user_id = %(user_id)s AND expiry > 0
LIMIT %(limit)s;

-- name: end_kinds_of_user
-- key: user_id_login_network_key
UPDATE auth_tokens
SET expiry = 0
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND id <> %(except_id)s AND expiry > 0
LIMIT %(limit)s;

-- name: end
-- key: PRIMARY
-- The first step of revoking a token with children. It is dead at once and gets no more children (see add_child). Its
-- row stays until all children are deleted, so that a revocation which was cut off can be resumed.
UPDATE auth_tokens
SET expiry = 0
WHERE id = %(id)s AND expiry > 0;

-- name: end_refresh_tokens_of
-- key: parent_id_key
-- FORCE INDEX: see touch.
UPDATE auth_tokens FORCE INDEX (parent_id_key)
SET expiry = 0
WHERE parent_id = %(id)s AND kind = 'jwt_refresh' AND expiry > 0
LIMIT %(limit)s;

-- name: delete_grandchildren
-- key: PRIMARY, parent_id_key, parent_id_key
-- A family has no deeper level. The hint: where there are few refresh tokens, MySQL would look through all of them.
DELETE IGNORE t
FROM auth_tokens t
JOIN (
    SELECT /*+ INDEX(child parent_id_key) */ grandchild.id
    FROM auth_tokens child
    JOIN auth_tokens grandchild ON grandchild.parent_id = child.id
    WHERE child.parent_id = %(id)s AND child.kind = 'jwt_refresh'
    LIMIT %(limit)s
) AS doomed ON doomed.id = t.id;

-- name: end_grandchildren
-- key: PRIMARY, parent_id_key, parent_id_key
UPDATE auth_tokens t
JOIN (
    SELECT /*+ INDEX(child parent_id_key) */ grandchild.id
    FROM auth_tokens child
    JOIN auth_tokens grandchild ON grandchild.parent_id = child.id
    WHERE child.parent_id = %(id)s AND child.kind = 'jwt_refresh' AND grandchild.expiry > 0
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
-- key: kind_expiry_key
-- Refresh tokens whose revocation was cut off.
SELECT id
FROM auth_tokens
WHERE kind = 'jwt_refresh' AND expiry = 0
ORDER BY kind, expiry, id
LIMIT %(limit)s;

-- name: list_over_limit_of_user
-- key: user_id_login_network_key
-- The sessions over the limit: older than the new one (`newest`), and not among the `keep` that were used last. Only
-- older ones are listed, so two concurrent logins cannot remove each other.
SELECT_TOKEN
WHERE user_id = %(user_id)s AND kind IN %(kinds)s AND expiry > %(now)s AND id < %(newest)s
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
-- A refresh token with expiry 0 is being revoked: its row stays until its children are gone. The hint is MySQL's: among
-- few rows it would read, and lock, all of them.
DELETE /*+ INDEX(auth_tokens expiry_key) */ IGNORE FROM auth_tokens
WHERE expiry <= %(before)s AND (expiry <> 0 OR kind <> 'jwt_refresh')
ORDER BY expiry
LIMIT %(limit)s;
