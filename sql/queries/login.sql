-- What a login begins with: the user, and what the throttle knows of them, in one SELECT. An account is the user's id,
-- or the digest of the bytes sent where nobody has that name. (Two statements: see users.sql on the column's charset.)
-- A row is there whatever the name, so that an unknown one costs what a known one does.

-- name: find_latin1
-- key: username_unique, PRIMARY, PRIMARY, PRIMARY, PRIMARY, user_id_remote_ip_key
SELECT u.id, COALESCE(CAST(u.username AS BINARY), ''), COALESCE(CAST(u.password AS BINARY), ''), u.access_level,
    u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), ''),
    COALESCE(pair.blocked_until, 0), COALESCE(address.blocked_until, 0), COALESCE(account.blocked_until, 0),
    COALESCE(everyone.blocked_until, 0), COALESCE(pair.failures, 0),
    EXISTS (
        SELECT 1
        FROM auth_tokens t
        WHERE t.user_id = u.id AND t.expiry > %(now)s
            AND INET6_ATON(t.remote_ip) BETWEEN INET6_ATON(%(address)s) AND INET6_ATON(%(last)s))
FROM (SELECT 1 AS try) AS try
LEFT JOIN users u ON %(possible)s AND u.username = _latin1 X%(username)s
LEFT JOIN login_throttle pair
    ON pair.scope = 'pair' AND pair.user_id = COALESCE(u.id, 0)
    AND pair.name_digest = IF(u.id IS NULL, %(name_digest)s, '') AND pair.address = %(address)s
LEFT JOIN login_throttle address
    ON address.scope = 'address' AND address.user_id = 0 AND address.name_digest = '' AND address.address = %(address)s
LEFT JOIN login_throttle account
    ON account.scope = 'account' AND account.user_id = COALESCE(u.id, 0)
    AND account.name_digest = IF(u.id IS NULL, %(name_digest)s, '') AND account.address = ''
LEFT JOIN login_throttle everyone
    ON everyone.scope = 'everyone' AND everyone.user_id = 0 AND everyone.name_digest = '' AND everyone.address = '';

-- name: find_utf8mb4
-- key: username_unique, PRIMARY, PRIMARY, PRIMARY, PRIMARY, user_id_remote_ip_key
SELECT u.id, COALESCE(CAST(u.username AS BINARY), ''), COALESCE(CAST(u.password AS BINARY), ''), u.access_level,
    u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), ''),
    COALESCE(pair.blocked_until, 0), COALESCE(address.blocked_until, 0), COALESCE(account.blocked_until, 0),
    COALESCE(everyone.blocked_until, 0), COALESCE(pair.failures, 0),
    EXISTS (
        SELECT 1
        FROM auth_tokens t
        WHERE t.user_id = u.id AND t.expiry > %(now)s
            AND INET6_ATON(t.remote_ip) BETWEEN INET6_ATON(%(address)s) AND INET6_ATON(%(last)s))
FROM (SELECT 1 AS try) AS try
LEFT JOIN users u ON %(possible)s AND u.username = _utf8mb4 X%(username)s
LEFT JOIN login_throttle pair
    ON pair.scope = 'pair' AND pair.user_id = COALESCE(u.id, 0)
    AND pair.name_digest = IF(u.id IS NULL, %(name_digest)s, '') AND pair.address = %(address)s
LEFT JOIN login_throttle address
    ON address.scope = 'address' AND address.user_id = 0 AND address.name_digest = '' AND address.address = %(address)s
LEFT JOIN login_throttle account
    ON account.scope = 'account' AND account.user_id = COALESCE(u.id, 0)
    AND account.name_digest = IF(u.id IS NULL, %(name_digest)s, '') AND account.address = ''
LEFT JOIN login_throttle everyone
    ON everyone.scope = 'everyone' AND everyone.user_id = 0 AND everyone.name_digest = '' AND everyone.address = '';
