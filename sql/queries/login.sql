-- What a login begins with: the user, and what the throttle knows of them, in one SELECT.
-- The same rows are looked up, the same is computed and as much is sent back whether there is such a user or not, so that
-- the time tells nothing. A name of nobody gets user 0, and a hash that nothing verifies against.
-- `name_digest` is of the name as the column compares it, so that `Zork` and `ZORK` are one. Weights of spaces at the end
-- mean nothing to the column, whatever character they come from. (COALESCE gives the value the column's collation. TRIM
-- works on bytes: on text of several bytes a letter it takes quadratic time.) A name that no column can hold comes as a
-- digest of its bytes. An account is the user's id, and where nobody has the name this digest: the spellings of a name
-- share one count whether it is somebody's or not, or the sixth failure would tell. NAME_VALUE, NAME_BYTES: see users.sql.
-- `signed_in`: an unexpired login of this account came from this network. One probe of the key, however many tokens.

-- name: find
-- key: username_unique, PRIMARY, PRIMARY, PRIMARY, PRIMARY, user_id_login_network_key
SELECT who.id, who.username, who.password, who.access_level, who.is_admin, who.creation_time, who.rehash_cost,
    who.name_digest,
    COALESCE(pair.blocked_until, 0), COALESCE(address.blocked_until, 0), COALESCE(account.blocked_until, 0),
    COALESCE(everyone.blocked_until, 0), COALESCE(pair.failures, 0),
    EXISTS (
        SELECT 1
        FROM auth_tokens t
        WHERE t.user_id = who.id AND t.login_network = LEFT(INET6_ATON(NULLIF(%(address)s, '')), 8)
            AND t.expiry > %(now)s) AS signed_in
FROM (
    SELECT COALESCE(u.id, 0) AS id, COALESCE(NAME_BYTES(u.username), 'nobody') AS username,
        COALESCE(CAST(u.password AS BINARY), IF(u.id IS NULL, REPEAT('!', 60), '')) AS password,
        COALESCE(u.access_level, 0) AS access_level, COALESCE(u.is_admin, 0) AS is_admin,
        COALESCE(CAST(u.creation_time AS CHAR), '1970-01-01 00:00:00') AS creation_time,
        COALESCE(u.rehash_cost, 0) AS rehash_cost,
        CONVERT(COALESCE(
            IF(%(possible)s, SHA2(TRIM(TRAILING WEIGHT_STRING(COALESCE(NULLIF(u.username, u.username), NAME_VALUE('20')))
                FROM WEIGHT_STRING(COALESCE(u.username, NAME_VALUE(%(username)s)))), 256), NULL),
            %(name_digest)s) USING latin1) COLLATE latin1_bin AS name_digest
    FROM (SELECT 1 AS try) AS try
    LEFT JOIN users u ON %(possible)s AND u.username = NAME_VALUE(%(username)s)
) AS who
LEFT JOIN login_throttle pair
    ON pair.scope = 'pair' AND pair.user_id = who.id AND pair.name_digest = IF(who.id = 0, who.name_digest, '')
    AND pair.address = %(address)s
LEFT JOIN login_throttle address
    ON address.scope = 'address' AND address.user_id = 0 AND address.name_digest = '' AND address.address = %(address)s
LEFT JOIN login_throttle account
    ON account.scope = 'account' AND account.user_id = who.id AND account.name_digest = IF(who.id = 0, who.name_digest, '')
    AND account.address = ''
LEFT JOIN login_throttle everyone
    ON everyone.scope = 'everyone' AND everyone.user_id = 0 AND everyone.name_digest = '' AND everyone.address = '';
