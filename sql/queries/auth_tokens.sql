-- Tokens of every kind, shared with PHP, which looks up sha1(token) and expiry. All times are Unix seconds.

-- name: add
-- key: PRIMARY
-- From the user's row, locked: a login that overlaps `flask user disable` leaves no token behind.
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, remote_ip, user_agent)
SELECT %(auth_key)s, id, %(now)s, %(expiry)s, %(now)s, %(device_info)s, %(kind)s, %(remote_ip)s, %(user_agent)s
FROM users
WHERE id = %(user_id)s AND LEFT(password, 1) <> '!'
LOCK IN SHARE MODE;

-- name: find_live
-- key: auth_key_unique, PRIMARY
SELECT t.id, t.user_id, t.kind, t.device_info, t.creation_time, t.last_access, t.expiry
FROM auth_tokens t
JOIN users u ON u.id = t.user_id
WHERE t.auth_key = %(auth_key)s AND t.expiry > %(now)s AND LEFT(u.password, 1) <> '!';

-- name: count_live_of_user
-- key: user_id_remote_ip_key
SELECT COUNT(*)
FROM auth_tokens
WHERE user_id = %(user_id)s AND expiry > %(now)s;

-- name: delete_of_user
-- key: user_id_remote_ip_key
DELETE FROM auth_tokens
WHERE user_id = %(user_id)s
ORDER BY user_id
LIMIT %(limit)s;
