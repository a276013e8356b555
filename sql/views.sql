-- What a DBA looks at: readable rows, and no password, key, digest or claims in any of them.
--
--     mariadb NAME < sql/views.sql
--
-- Run it after `flask db migrate`, as an account that may CREATE VIEW and read the tables: the views read with its
-- rights (SQL SECURITY DEFINER), so that a reader needs no right on a table, and the account must stay. Run it again at
-- any time. Every time is UTC, whatever the session's time_zone. For MariaDB 10.6 and MySQL 8.
--
-- TIMESTAMP '1970-01-01 00:00:00' + INTERVAL n SECOND, and not FROM_UNIXTIME, which ends in 2038 and follows time_zone.

SET NAMES utf8mb4;

-- Every token that is good now, as auth_tokens.find_live sees it: not expired, its user there and not disabled, or an
-- API or stream token of no user. `username` is what the person reads: bytes that are UTF-8 are shown so even where the column is
-- latin1, as PHP on a latin1 connection wrote them; any others by the column's charset.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW active_sessions AS
SELECT t.id,
    t.user_id,
    CASE
        WHEN CHARSET(u.username) = 'latin1'
            AND CAST(CONVERT(CAST(u.username AS BINARY) USING utf8mb4) AS BINARY) = CAST(u.username AS BINARY)
            THEN CONVERT(CAST(u.username AS BINARY) USING utf8mb4)
        ELSE CONVERT(u.username USING utf8mb4)
    END AS username,
    t.kind,
    t.name,
    t.device_info,
    t.remote_ip,
    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL t.creation_time SECOND AS created,
    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL t.last_access SECOND AS last_used,
    CASE
        -- 9999-12-31T23:59:59Z
        WHEN t.expiry = 253402300799 THEN 'never'
        ELSE CAST(TIMESTAMP '1970-01-01 00:00:00' + INTERVAL t.expiry SECOND AS CHAR)
    END AS expires,
    CASE WHEN t.expiry <> 253402300799 THEN ROUND((t.expiry - UNIX_TIMESTAMP()) / 86400, 1) END AS days_left
FROM auth_tokens t
LEFT JOIN users u ON u.id = t.user_id
WHERE t.expiry > UNIX_TIMESTAMP() AND (LEFT(u.password, 1) <> '!' OR (t.user_id = 0 AND t.kind IN ('api', 'stream')));

-- How many of them each device name has. The column's collation says which names are one (`iPhone` is `iphone`).
CREATE OR REPLACE SQL SECURITY DEFINER VIEW sessions_per_device AS
SELECT MIN(device_info) AS device_info,
    COUNT(*) AS sessions,
    COUNT(DISTINCT user_id) AS users,
    MAX(last_used) AS last_used
FROM active_sessions
GROUP BY active_sessions.device_info;

-- What `flask session purge` deletes, and the event of ops/purge_event.sql.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW expired_sessions AS
SELECT id,
    user_id,
    kind,
    name,
    device_info,
    remote_ip,
    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL creation_time SECOND AS created,
    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL last_access SECOND AS last_used,
    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL expiry SECOND AS expired,
    ROUND((UNIX_TIMESTAMP() - expiry) / 86400, 1) AS days_ago
FROM auth_tokens
WHERE expiry <= UNIX_TIMESTAMP() AND (expiry <> 0 OR kind <> 'jwt_refresh');

-- Who must wait before the next try, and for how long. Scopes: `pair` (account and address), `address`, `account`,
-- `everyone`. No user where the name that was tried is nobody's. An address that an account is signed in from is let
-- through all but `pair`.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW throttled_now AS
SELECT t.scope,
    CASE WHEN t.user_id <> 0 THEN t.user_id END AS user_id,
    CASE
        WHEN CHARSET(u.username) = 'latin1'
            AND CAST(CONVERT(CAST(u.username AS BINARY) USING utf8mb4) AS BINARY) = CAST(u.username AS BINARY)
            THEN CONVERT(CAST(u.username AS BINARY) USING utf8mb4)
        ELSE CONVERT(u.username USING utf8mb4)
    END AS username,
    t.address,
    t.failures,
    CEILING(t.blocked_until - UNIX_TIMESTAMP()) AS wait_seconds,
    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL CEILING(t.blocked_until) SECOND AS until
FROM login_throttle t
LEFT JOIN users u ON u.id = t.user_id AND t.user_id <> 0
WHERE t.blocked_until > UNIX_TIMESTAMP();
