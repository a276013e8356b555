-- A login begins with one SELECT: it finds the user and the failed logins that the throttle has counted.

-- name: find
-- key: username_unique, PRIMARY, PRIMARY, PRIMARY, PRIMARY, user_id_login_network_key
--
-- The statement must not show, by its answer's size or its time, whether a user of this name exists. So it always
-- looks up the same rows, computes the same values and returns one row. A name without a user gives user 0, a
-- password hash of 60 characters that no password matches, and columns of the usual size.
--
-- `who` is the user, with a digest of the name that was typed. The digest stands for a name without a user: failures
-- are counted for every name, or the throttle would show which names exist. It is made so that all spellings which
-- the column takes as equal (`zork`, `ZORK `) have one digest and share one count:
--   1. WEIGHT_STRING gives the bytes that the column's collation compares.
--   2. NULLIF(u.username, u.username) is always NULL. It is there to give the space the column's collation.
--   3. TRIM cuts off the weights of trailing spaces, if the column ignores them: then a space equals nothing at all.
--      (It works on bytes: on text of several bytes a character it takes quadratic time.)
--   4. A name that the column cannot hold (`possible` is 0, or NAME_VALUE is NULL) has no weights. Then the digest is
--      `name_digest`, which the caller made of the bytes that were sent.
-- The LEFT JOIN to a single row gives one row also for a name without a user.
--
-- The throttle knows an account by its user id alone, and a name without a user by user id 0 and the digest.
-- The last value is 1 if an unexpired login of this account came from the same network.
--
-- The row is one column of text: values joined by spaces, texts in hex (v1/db/packed_row.py says why).
WITH who AS (
    SELECT COALESCE(u.id, 0) AS id,
        COALESCE(NAME_BYTES(u.username), 'nobody') AS username,
        COALESCE(CAST(u.password AS BINARY), IF(u.id IS NULL, REPEAT('!', 60), '')) AS password,
        COALESCE(u.access_level, 0) AS access_level,
        COALESCE(u.is_admin, 0) AS is_admin,
        COALESCE(CAST(u.creation_time AS CHAR), '1970-01-01 00:00:00') AS creation_time,
        COALESCE(u.rehash_cost, 0) AS rehash_cost,
        CONVERT(
            COALESCE(
                IF(%(possible)s,
                    SHA2(TRIM(
                        TRAILING IF(
                            COALESCE(NULLIF(u.username, u.username), NAME_VALUE('20')) = '',
                            WEIGHT_STRING(COALESCE(NULLIF(u.username, u.username), NAME_VALUE('20'))),
                            '')
                        FROM WEIGHT_STRING(COALESCE(u.username, NAME_VALUE(%(username)s)))), 256),
                    NULL),
                %(name_digest)s)
            USING latin1) COLLATE latin1_bin AS name_digest
    FROM (SELECT 1 AS try) AS one_row
    LEFT JOIN users u ON %(possible)s AND u.username = NAME_VALUE(%(username)s)
)
SELECT CONCAT_WS(' ', who.id, HEX(who.username), HEX(who.password), who.access_level, who.is_admin,
    HEX(who.creation_time), who.rehash_cost, who.name_digest,
    COALESCE(pair.blocked_until, 0),
    COALESCE(address.blocked_until, 0),
    COALESCE(account.blocked_until, 0),
    COALESCE(everyone.blocked_until, 0),
    COALESCE(pair.failures, 0),
    EXISTS (
        SELECT 1
        FROM auth_tokens t
        WHERE t.user_id = who.id AND t.login_network = LEFT(INET6_ATON(NULLIF(%(address)s, '')), 8)
            AND t.expiry > %(now)s))
FROM who
LEFT JOIN login_throttle pair
    ON pair.scope = 'pair' AND pair.user_id = who.id
    AND pair.name_digest = IF(who.id = 0, who.name_digest, '') AND pair.address = %(address)s
LEFT JOIN login_throttle address
    ON address.scope = 'address' AND address.user_id = 0 AND address.name_digest = '' AND address.address = %(address)s
LEFT JOIN login_throttle account
    ON account.scope = 'account' AND account.user_id = who.id
    AND account.name_digest = IF(who.id = 0, who.name_digest, '') AND account.address = ''
LEFT JOIN login_throttle everyone
    ON everyone.scope = 'everyone' AND everyone.user_id = 0 AND everyone.name_digest = '' AND everyone.address = '';
