-- Failed logins, counted under four keys. Times are Unix seconds with their fraction. Who is refused: login.sql.

-- name: count
-- key: none
-- One statement for all keys, so that parallel failures all count. `starts` is the failure that starts the waiting (0: a
-- key that is switched off), `lasting` the seconds after which the count begins anew. `pair` counts for as long as failures
-- come within that time, the others for a window that begins with the first. At `address` the waiting ends with the window
-- (the peer of a Unix socket has none and is not counted). Elsewhere it starts with `delay` seconds and doubles with each
-- failure up to `longest`; at `everyone` the two are equal.
-- Assigned from left to right: what stands above is already new. A time that lies further ahead than any wait and
-- `slack` more was written by a clock that ran ahead: it means nothing.
INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)
SELECT k.scope, k.user_id, k.name_digest, k.address, 1, %(now)s + k.lasting,
    IF(k.starts > 1, 0, %(now)s + IF(k.scope = 'address', k.lasting, LEAST(k.delay, k.longest))),
    %(now)s + GREATEST(k.lasting, LEAST(k.delay, k.longest))
FROM (
    SELECT 'pair' AS scope, %(user_id)s AS user_id, %(name_digest)s AS name_digest, %(address)s AS address,
        %(pair)s AS starts, %(forget)s AS lasting, %(delay)s AS delay, %(delay_max)s AS longest
    UNION ALL SELECT 'address', 0, '', %(address)s, %(address_limit)s, %(address_seconds)s, 0, 0
    UNION ALL SELECT 'account', %(user_id)s, %(name_digest)s, '', %(account)s, %(account_seconds)s, %(delay)s, %(delay_max)s
    UNION ALL SELECT 'everyone', 0, '', '', %(everyone)s, %(everyone_seconds)s, %(everyone_delay)s, %(everyone_delay)s
) AS k
WHERE k.starts > 0 AND (k.scope <> 'address' OR k.address <> '')
ON DUPLICATE KEY UPDATE
    failures = IF(window_end > %(now)s AND window_end <= %(now)s + k.lasting + %(slack)s, login_throttle.failures + 1, 1),
    window_end = IF(login_throttle.failures = 1 OR k.scope = 'pair', %(now)s + k.lasting, window_end),
    blocked_until = CASE
        WHEN login_throttle.failures < k.starts THEN
            IF(blocked_until > %(now)s + GREATEST(k.lasting, k.longest) + %(slack)s, 0, blocked_until)
        WHEN k.scope = 'address' THEN window_end
        ELSE GREATEST(IF(blocked_until > %(now)s + GREATEST(k.lasting, k.longest) + %(slack)s, 0, blocked_until),
            %(now)s + LEAST(k.longest, k.delay * POW(2, LEAST(login_throttle.failures - k.starts, 30))))
        END,
    expiry = GREATEST(window_end, blocked_until);

-- name: claim_report
-- key: none
-- Whoever changes the row reports that an attack lasts: once a minute, of all workers and nodes together.
INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)
VALUES ('report', 0, '', '', 1, %(now)s + %(seconds)s, 0, %(now)s + %(seconds)s)
ON DUPLICATE KEY UPDATE
    failures = IF(window_end > %(now)s AND window_end <= %(now)s + %(seconds)s, failures, failures + 1),
    window_end = IF(window_end > %(now)s AND window_end <= %(now)s + %(seconds)s, window_end, %(now)s + %(seconds)s),
    expiry = window_end;

-- name: waiting
-- key: expiry_key, PRIMARY
-- No row expires before its wait ends.
SELECT t.scope, t.user_id, COALESCE(NAME_BYTES(u.username), ''), t.address, t.failures, t.blocked_until
FROM login_throttle t
LEFT JOIN users u ON u.id = t.user_id AND t.user_id <> 0
WHERE t.expiry > %(now)s AND t.blocked_until > %(now)s
ORDER BY t.blocked_until DESC, t.scope, t.user_id, t.address
LIMIT %(limit)s;

-- name: clear
-- key: PRIMARY
DELETE FROM login_throttle
WHERE scope = 'pair' AND user_id = %(user_id)s AND name_digest = %(name_digest)s AND address = %(address)s
ORDER BY scope
LIMIT 1;

-- name: delete_expired
-- key: expiry_key
DELETE FROM login_throttle
WHERE expiry <= %(now)s
ORDER BY expiry
LIMIT %(limit)s;
