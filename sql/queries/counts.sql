-- Counts that take long: all live tokens by kind, and all sessions by device. One worker counts at a time, in steps of a
-- few ten thousand rows, each of which reads one key alone. Times are Unix seconds.

-- name: find
-- key: PRIMARY
SELECT claimed_until, counted, result FROM counts WHERE name = %(name)s;

-- name: claim
-- key: none
--
-- Claims a count until `until`. The row changes only if no other claim lasts: so one worker counts, of all workers of
-- all nodes. A claim that ends after `latest` was written by a clock that ran ahead: it does not last.
INSERT INTO counts (name, claimed_until, result)
VALUES (%(name)s, %(until)s, '')
ON DUPLICATE KEY UPDATE
    claimed_until = IF(claimed_until > %(now)s AND claimed_until <= %(latest)s, claimed_until, %(until)s);

-- name: renew
-- key: PRIMARY
-- Makes a claim last longer, unless it ended and another worker has claimed the count.
UPDATE counts SET claimed_until = %(until)s WHERE name = %(name)s AND claimed_until = %(claim)s;

-- name: finish
-- key: PRIMARY
-- Stores the result. Nobody counts again before `until`.
UPDATE counts
SET result = %(result)s, counted = %(now)s, claimed_until = %(until)s
WHERE name = %(name)s AND claimed_until = %(claim)s;

-- The live tokens of a kind are read in order of expiry. `next_expiry` is the expiry `step` rows further on. The tokens
-- before it are counted by `tokens_before`, and those with that very expiry in order of their ids, as it may be that of
-- a million tokens which never expire.

-- name: next_expiry
-- key: kind_expiry_key
SELECT expiry FROM auth_tokens WHERE kind = %(kind)s AND expiry > %(after)s ORDER BY expiry LIMIT 1 OFFSET %(step)s;

-- name: tokens_before
-- key: kind_expiry_key
SELECT COUNT(*) FROM auth_tokens WHERE kind = %(kind)s AND expiry > %(after)s AND expiry < %(until)s;

-- name: next_token
-- key: kind_expiry_key
SELECT id FROM auth_tokens
WHERE kind = %(kind)s AND expiry = %(expiry)s AND id > %(after)s
ORDER BY id
LIMIT 1 OFFSET %(step)s;

-- name: tokens_of_expiry
-- key: kind_expiry_key
SELECT COUNT(*) FROM auth_tokens
WHERE kind = %(kind)s AND expiry = %(expiry)s AND id > %(after)s AND id <= %(last)s;

-- The sessions are read in order of device. `next_device` is the device `step` rows further on. The devices before it
-- are counted by `devices_before`, and its own sessions in order of their users. A NULL sets no bound.

-- name: next_device
-- key: device_info_key
SELECT device_info FROM auth_tokens
WHERE %(device_after)s IS NULL OR device_info > %(device_after)s
ORDER BY device_info
LIMIT 1 OFFSET %(step)s;

-- name: devices_before
-- key: device_info_key
SELECT MIN(device_info), COUNT(*) AS sessions, COUNT(DISTINCT user_id)
FROM auth_tokens
WHERE (%(device_after)s IS NULL OR device_info > %(device_after)s)
    AND (%(device_before)s IS NULL OR device_info < %(device_before)s)
    AND expiry > %(now)s
    AND kind IN %(kinds)s
GROUP BY device_info
ORDER BY sessions DESC, device_info
LIMIT %(limit)s;

-- name: next_user
-- key: device_info_key
SELECT user_id FROM auth_tokens
WHERE device_info = %(device)s AND user_id >= %(first)s
ORDER BY user_id
LIMIT 1 OFFSET %(step)s;

-- name: sessions_of_device
-- key: device_info_key
SELECT COUNT(*), COUNT(DISTINCT user_id) FROM auth_tokens
WHERE device_info = %(device)s AND user_id >= %(first)s AND user_id < %(until)s
    AND expiry > %(now)s AND kind IN %(kinds)s;
