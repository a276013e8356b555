-- Counters of failed logins. Times are Unix seconds with a fraction. login.sql reads the counters before each login.

-- name: count
-- key: none
--
-- Counts one failed login. It is one statement, so concurrent failures are all counted.
--
-- Each failure belongs to four counters, one row each:
--   pair      this account from this address
--   address   this address, whatever the account (the peer of a Unix socket has no address and no such counter)
--   account   this account, from any address
--   everyone  all failures together
--
-- A counter counts the failures of its window, `window_seconds` long. From the failure number `blocks_from` on it
-- blocks further tries (0: the counter is switched off). The first block lasts `first_delay` seconds. Each further
-- failure doubles that, up to `longest_delay`. The block of an address lasts until its window ends instead.
-- `clock_slack` is how many seconds the clocks of the nodes may differ.
--
-- The SELECT makes the row of a counter's first failure. ON DUPLICATE KEY UPDATE counts every later one. Its
-- assignments run from top to bottom: each reads the new values of the columns that were assigned above it.
INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)
WITH counter (scope, user_id, name_digest, address, blocks_from, window_seconds, first_delay, longest_delay) AS (
    SELECT 'pair', %(user_id)s, %(name_digest)s, %(address)s,
        %(pair_limit)s, %(pair_seconds)s, LEAST(%(delay)s, %(delay_max)s), %(delay_max)s
    UNION ALL
    SELECT 'address', 0, '', %(address)s,
        %(address_limit)s, %(address_seconds)s, %(address_seconds)s, %(address_seconds)s
    UNION ALL
    SELECT 'account', %(user_id)s, %(name_digest)s, '',
        %(account_limit)s, %(account_seconds)s, LEAST(%(delay)s, %(delay_max)s), %(delay_max)s
    UNION ALL
    SELECT 'everyone', 0, '', '',
        %(everyone_limit)s, %(everyone_seconds)s, %(everyone_delay)s, %(everyone_delay)s
)
SELECT scope, user_id, name_digest, address,
    -- failures, window_end, blocked_until, expiry
    1,
    %(now)s + window_seconds,
    IF(blocks_from = 1, %(now)s + first_delay, 0),
    %(now)s + GREATEST(window_seconds, first_delay)
FROM counter
WHERE blocks_from > 0 AND (scope <> 'address' OR address <> '')
ON DUPLICATE KEY UPDATE
    -- 1. While the window is open, add 1; else begin again with 1. A window that ends more than `clock_slack` later
    --    than one that opens now was written by a clock that ran ahead. It counts as closed.
    failures = IF(
        window_end > %(now)s AND window_end <= %(now)s + counter.window_seconds + %(clock_slack)s, failures + 1, 1),
    -- 2. A count that begins opens a new window. For `pair` every failure opens one: its count goes on until there is
    --    no failure for `window_seconds`.
    window_end = IF(failures = 1 OR counter.scope = 'pair', %(now)s + counter.window_seconds, window_end),
    -- 3. Drop a block that ends more than `clock_slack` later than any block can: a clock that ran ahead wrote it.
    blocked_until = IF(
        blocked_until > %(now)s + GREATEST(counter.window_seconds, counter.longest_delay) + %(clock_slack)s, 0,
        blocked_until),
    -- 4. From the failure `blocks_from` on, block: an address until its window ends, others for the doubled delay, but
    --    never for less than the block that is there. (The exponent ends at 30, as POW could overflow.)
    blocked_until = CASE
        WHEN failures < counter.blocks_from THEN blocked_until
        WHEN counter.scope = 'address' THEN window_end
        ELSE GREATEST(blocked_until, %(now)s
            + LEAST(counter.first_delay * POW(2, LEAST(failures - counter.blocks_from, 30)), counter.longest_delay))
        END,
    -- 5. The row may be purged once its window and its block have both ended.
    expiry = GREATEST(window_end, blocked_until);

-- name: claim_report
-- key: none
--
-- Claims the right to report that an attack goes on. The row changes only if nobody has claimed it in the last
-- `seconds`: so one worker reports, of all workers of all nodes. A window that ends later than `seconds` from now was
-- written by a clock that ran ahead: it counts as closed.
INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)
VALUES ('report', 0, '', '', 1, %(now)s + %(seconds)s, 0, %(now)s + %(seconds)s)
ON DUPLICATE KEY UPDATE
    failures = IF(window_end > %(now)s AND window_end <= %(now)s + %(seconds)s, failures, failures + 1),
    window_end = IF(window_end > %(now)s AND window_end <= %(now)s + %(seconds)s, window_end, %(now)s + %(seconds)s),
    expiry = window_end;

-- The counters that block are among those that have not expired. Of these, the `most` that expire first and last are
-- read: an attack leaves hundreds of thousands.
-- part: UNEXPIRED
SELECT scope, user_id, name_digest, address, failures, blocked_until FROM (
    SELECT scope, user_id, name_digest, address, failures, blocked_until
    FROM login_throttle WHERE expiry > %(now)s
    ORDER BY expiry
    LIMIT %(most)s
) AS first
UNION
SELECT scope, user_id, name_digest, address, failures, blocked_until FROM (
    SELECT scope, user_id, name_digest, address, failures, blocked_until
    FROM login_throttle WHERE expiry > %(now)s
    ORDER BY expiry DESC
    LIMIT %(most)s
) AS last

-- name: waiting
-- key: PRIMARY, expiry_key, expiry_key
SELECT t.scope, t.user_id, COALESCE(NAME_BYTES(u.username), ''), t.address, t.failures, t.blocked_until
FROM (UNEXPIRED) AS t
LEFT JOIN users u ON u.id = t.user_id AND t.user_id <> 0
WHERE t.blocked_until > %(now)s
ORDER BY t.blocked_until DESC, t.scope, t.user_id, t.address
LIMIT %(limit)s;

-- name: of_user
-- key: PRIMARY
-- The counters of one account, those that do not block yet too. The inner SELECT bounds what is sorted.
SELECT scope, address, failures, blocked_until
FROM (
    SELECT scope, address, failures, blocked_until
    FROM login_throttle
    WHERE scope IN ('account', 'pair') AND user_id = %(user_id)s AND name_digest = '' AND expiry > %(now)s
    ORDER BY scope, user_id, name_digest, address
    LIMIT 1000
) AS counters
ORDER BY blocked_until DESC, failures DESC, scope, address
LIMIT %(limit)s;

-- name: of_addresses
-- key: PRIMARY
-- The counters of these addresses, and that of all failures together.
SELECT scope, address, failures, blocked_until
FROM login_throttle
WHERE scope IN ('address', 'everyone') AND user_id = 0 AND name_digest = '' AND address IN %(addresses)s
    AND expiry > %(now)s
LIMIT %(limit)s;

-- name: clear_user
-- key: PRIMARY
-- The counters of one account, by an administrator. Those of addresses stay: other accounts were tried from there too.
DELETE FROM login_throttle
WHERE scope IN ('account', 'pair') AND user_id = %(user_id)s AND name_digest = ''
ORDER BY scope, user_id, name_digest, address
LIMIT %(limit)s;

-- name: blocked_users
-- key: PRIMARY
-- The users whom a counter of this scope blocks now; see auth_tokens.users_at_address.
SELECT IF(blocked_until > %(now)s, user_id, 0) AS blocked, COUNT(*), ''
FROM (
    SELECT user_id, blocked_until
    FROM login_throttle
    WHERE scope = %(scope)s AND user_id > 0
    ORDER BY user_id
    LIMIT %(scanned)s
) AS counters
GROUP BY blocked
ORDER BY blocked
LIMIT %(limit)s;

-- name: blocked_among
-- key: PRIMARY
-- Of these users, those whom a counter blocks now. An account's own counter stands before those of its addresses.
SELECT DISTINCT user_id
FROM (
    SELECT user_id, blocked_until
    FROM login_throttle
    WHERE scope IN ('account', 'pair') AND user_id IN %(ids)s
    ORDER BY scope, user_id
    LIMIT %(limit)s
) AS counters
WHERE blocked_until > %(now)s;

-- name: count_waiting
-- key: expiry_key, expiry_key
-- How many accounts and addresses are blocked, and how many counters were read.
SELECT COUNT(DISTINCT IF(blocked_until > %(now)s AND scope IN ('pair', 'account'), CONCAT(user_id, name_digest), NULL)),
    COUNT(DISTINCT IF(blocked_until > %(now)s AND scope = 'address', address, NULL)),
    COUNT(*)
FROM (UNEXPIRED) AS t
LIMIT 1;

-- name: everyone
-- key: PRIMARY
SELECT blocked_until
FROM login_throttle
WHERE scope = 'everyone' AND user_id = 0 AND name_digest = '' AND address = '';

-- name: clear_address
-- key: address_key
-- An administrator pardons an address. It is in its own counter, and in those of accounts from it. Other counters, of an
-- account or of everyone, have no address and stay.
DELETE FROM login_throttle
WHERE address = %(address)s
ORDER BY address
LIMIT %(limit)s;

-- name: clear
-- key: PRIMARY
-- After a right password. Only the pair's counter is deleted: the others also count other addresses or accounts.
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
