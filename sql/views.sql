-- Views for DBAs: readable rows without any password, key, digest or claims.
--
--     mariadb NAME < sql/views.sql
--
-- Run it after `gatepass db migrate`, as an account that may CREATE VIEW and read the tables. The views read with the
-- rights of that account (SQL SECURITY DEFINER): readers need no right on a table, and the account must not be
-- dropped. The file can be run again at any time. All times are UTC, whatever the session's time_zone. For MariaDB
-- 10.6 and MySQL 8.4, and newer.
--
-- Times are computed as TIMESTAMP '1970-01-01 00:00:00' + INTERVAL n SECOND: FROM_UNIXTIME ends in 2038 and depends on
-- time_zone.

SET NAMES utf8mb4;

-- Every live token, by the rule of auth_tokens.find_live: it is not expired, and its user exists and is not disabled,
-- or it is an API or stream token without a user. `username` is shown as text. In a latin1 column, bytes that are
-- UTF-8 are shown as UTF-8, which PHP on a latin1 connection writes there; other bytes are shown as latin1.
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
    t.last_ip,
    CASE
        -- 9999-12-31T23:59:59Z
        WHEN t.expiry = 253402300799 THEN 'never'
        ELSE CAST(TIMESTAMP '1970-01-01 00:00:00' + INTERVAL t.expiry SECOND AS CHAR)
    END AS expires,
    CASE WHEN t.expiry <> 253402300799 THEN ROUND((t.expiry - UNIX_TIMESTAMP()) / 86400, 1) END AS days_left
FROM auth_tokens t
LEFT JOIN users u ON u.id = t.user_id
WHERE t.expiry > UNIX_TIMESTAMP() AND (LEFT(u.password, 1) <> '!' OR (t.user_id = 0 AND t.kind IN ('api', 'stream')));

-- The live tokens of each device name. The column's collation decides which names are equal (`iPhone` is `iphone`).
CREATE OR REPLACE SQL SECURITY DEFINER VIEW sessions_per_device AS
SELECT MIN(device_info) AS device_info,
    COUNT(*) AS sessions,
    COUNT(DISTINCT user_id) AS users,
    MAX(last_used) AS last_used
FROM active_sessions
GROUP BY active_sessions.device_info;

-- What happened to whom: the activity log. `times` says how many like events a row stands for. user_id is NULL for a
-- login with a name that has no user, and for failures that were counted only (docs/for-dbas.md).
CREATE OR REPLACE SQL SECURITY DEFINER VIEW activity AS
SELECT TIMESTAMP '1970-01-01 00:00:00' + INTERVAL e.time SECOND AS time,
    e.event,
    CASE WHEN e.user_id <> 0 THEN e.user_id END AS user_id,
    CASE
        WHEN CHARSET(u.username) = 'latin1'
            AND CAST(CONVERT(CAST(u.username AS BINARY) USING utf8mb4) AS BINARY) = CAST(u.username AS BINARY)
            THEN CONVERT(CAST(u.username AS BINARY) USING utf8mb4)
        ELSE CONVERT(u.username USING utf8mb4)
    END AS username,
    e.door,
    CASE WHEN e.token_id <> 0 THEN e.token_id END AS token_id,
    e.address,
    e.device,
    e.app,
    e.reason,
    e.actor,
    e.times
FROM events e
LEFT JOIN users u ON u.id = e.user_id AND e.user_id <> 0;

-- The rows that `gatepass session purge` and the event of ops/purge_event.sql delete.
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

-- Who must wait before the next login, and for how long. `scope` says what is blocked: `pair` (an account from an
-- address), `address`, `account` or `everyone`. user_id is NULL where the name that was tried has no user. Only
-- `pair` blocks an account at an address that it is signed in from.
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
