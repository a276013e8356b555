-- What a login begins with: the user, and what the throttle knows of them, in one SELECT. An account is the user's id.
-- Where nobody has that name, a digest of the name as the column compares it: `Zork` and `ZORK` must share one count whether
-- there is a zork or not, or the sixth failure would tell. Weights of a space at the end are nothing to the column, whatever
-- character they come from. (COALESCE gives the literal the column's collation. Names that no column can hold come as a
-- digest.)
-- A row is there whatever the name, so that an unknown one costs what a known one does. (Two statements: see users.sql on
-- the column's charset.)

-- name: find_latin1
-- key: username_unique, PRIMARY, PRIMARY, PRIMARY, PRIMARY, user_id_login_network_key
SELECT who.id, who.username, who.password, who.access_level, who.is_admin, who.creation_time, who.name_digest,
    COALESCE(pair.blocked_until, 0), COALESCE(address.blocked_until, 0), COALESCE(account.blocked_until, 0),
    COALESCE(everyone.blocked_until, 0), COALESCE(pair.failures, 0),
    EXISTS (
        SELECT 1
        FROM auth_tokens t
        WHERE t.user_id = who.id AND t.expiry > %(now)s
            AND (t.kind IN ('mobile', 'console', 'management') OR (t.kind = 'jwt_refresh' AND t.parent_id = 0))
            AND (t.remote_ip = NULLIF(%(address)s, '') OR (%(address)s <> %(last)s
                AND INET6_ATON(t.remote_ip) BETWEEN INET6_ATON(%(address)s) AND INET6_ATON(%(last)s))))
FROM (
    SELECT u.id, COALESCE(CAST(u.username AS BINARY), '') AS username, COALESCE(CAST(u.password AS BINARY), '') AS password,
        u.access_level, u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), '') AS creation_time,
        COALESCE(u.id, 0) AS user_id,
        CONVERT(CASE
            WHEN u.id IS NOT NULL THEN ''
            WHEN %(possible)s THEN SHA2(TRIM(TRAILING HEX(WEIGHT_STRING(COALESCE(u.username, _latin1 X'20')))
                FROM HEX(WEIGHT_STRING(COALESCE(u.username, _latin1 X%(username)s)))), 256)
            ELSE %(name_digest)s
            END USING latin1) COLLATE latin1_bin AS name_digest
    FROM (SELECT 1 AS try) AS try
    LEFT JOIN users u ON %(possible)s AND u.username = _latin1 X%(username)s
) AS who
LEFT JOIN login_throttle pair
    ON pair.scope = 'pair' AND pair.user_id = who.user_id AND pair.name_digest = who.name_digest
    AND pair.address = %(address)s
LEFT JOIN login_throttle address
    ON address.scope = 'address' AND address.user_id = 0 AND address.name_digest = '' AND address.address = %(address)s
LEFT JOIN login_throttle account
    ON account.scope = 'account' AND account.user_id = who.user_id AND account.name_digest = who.name_digest
    AND account.address = ''
LEFT JOIN login_throttle everyone
    ON everyone.scope = 'everyone' AND everyone.user_id = 0 AND everyone.name_digest = '' AND everyone.address = '';

-- name: find_utf8mb4
-- key: username_unique, PRIMARY, PRIMARY, PRIMARY, PRIMARY, user_id_login_network_key
SELECT who.id, who.username, who.password, who.access_level, who.is_admin, who.creation_time, who.name_digest,
    COALESCE(pair.blocked_until, 0), COALESCE(address.blocked_until, 0), COALESCE(account.blocked_until, 0),
    COALESCE(everyone.blocked_until, 0), COALESCE(pair.failures, 0),
    EXISTS (
        SELECT 1
        FROM auth_tokens t
        WHERE t.user_id = who.id AND t.expiry > %(now)s
            AND (t.kind IN ('mobile', 'console', 'management') OR (t.kind = 'jwt_refresh' AND t.parent_id = 0))
            AND (t.remote_ip = NULLIF(%(address)s, '') OR (%(address)s <> %(last)s
                AND INET6_ATON(t.remote_ip) BETWEEN INET6_ATON(%(address)s) AND INET6_ATON(%(last)s))))
FROM (
    SELECT u.id, COALESCE(CAST(u.username AS BINARY), '') AS username, COALESCE(CAST(u.password AS BINARY), '') AS password,
        u.access_level, u.is_admin, COALESCE(CAST(u.creation_time AS CHAR), '') AS creation_time,
        COALESCE(u.id, 0) AS user_id,
        CONVERT(CASE
            WHEN u.id IS NOT NULL THEN ''
            WHEN %(possible)s THEN SHA2(TRIM(TRAILING HEX(WEIGHT_STRING(COALESCE(u.username, _utf8mb4 X'20')))
                FROM HEX(WEIGHT_STRING(COALESCE(u.username, _utf8mb4 X%(username)s)))), 256)
            ELSE %(name_digest)s
            END USING latin1) COLLATE latin1_bin AS name_digest
    FROM (SELECT 1 AS try) AS try
    LEFT JOIN users u ON %(possible)s AND u.username = _utf8mb4 X%(username)s
) AS who
LEFT JOIN login_throttle pair
    ON pair.scope = 'pair' AND pair.user_id = who.user_id AND pair.name_digest = who.name_digest
    AND pair.address = %(address)s
LEFT JOIN login_throttle address
    ON address.scope = 'address' AND address.user_id = 0 AND address.name_digest = '' AND address.address = %(address)s
LEFT JOIN login_throttle account
    ON account.scope = 'account' AND account.user_id = who.user_id AND account.name_digest = who.name_digest
    AND account.address = ''
LEFT JOIN login_throttle everyone
    ON everyone.scope = 'everyone' AND everyone.user_id = 0 AND everyone.name_digest = '' AND everyone.address = '';
