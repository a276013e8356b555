-- Finds the row of a token whose text you have, say from a log: its user, its kind, and whether it is good.
-- Only a digest of a token is stored: SHA-1 in hex for a mobile token, SHA-256 in hex for every other kind.
-- (A signed token, `eyJ..`, is good only while the key that signed it is in TOKEN_KEYS. The database cannot tell that.)
--
-- A token is as good as a password. The mariadb client writes what you type to its history file, the server may write
-- it to its general log, and everybody who runs ps sees a command line. So read the token in the shell, which neither
-- shows nor keeps it, and give the client only the digest, which opens nothing:
--
--     read -rs TOKEN
--     DIGEST=$(printf %s "$TOKEN" | sha1sum | cut -d ' ' -f 1)      # mobile; sha256sum for every other kind
--     mariadb NAME -t --init-command="SET @digest = '$DIGEST'" < sql/ops/find_token_by_text.sql
--     unset TOKEN
--
-- The server is not asked for the digest: MySQL 9.7 has no SHA1(), and the token would be in the statement.
--
-- Example of the output (no row: there is no such token, so the text opens nothing):
--
--     id    user_id  kind    name  device_info  remote_ip  created              expires              state
--     1007  12       mobile  NULL  iPhone 7     10.0.0.1   2026-11-22 08:15:00  2026-12-22 08:15:00  good

SELECT t.id, t.user_id, t.kind, t.name, t.device_info, t.remote_ip,
    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL t.creation_time SECOND AS created,
    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL t.expiry SECOND AS expires,
    CASE
        WHEN t.expiry <= UNIX_TIMESTAMP() THEN 'expired'
        WHEN t.user_id = 0 AND t.kind IN ('api', 'stream') THEN 'good'
        WHEN u.id IS NULL THEN 'the user is gone'
        WHEN LEFT(u.password, 1) <> '!' THEN 'good'
        ELSE 'the user is disabled'
    END AS state
FROM auth_tokens t
LEFT JOIN users u ON u.id = t.user_id
WHERE t.auth_key = CONVERT(@digest USING latin1)
LIMIT 2;

SELECT 'set @digest, as the head of this file says; @token is not read' AS error
FROM DUAL
WHERE @digest IS NULL
LIMIT 1;

SET @token = NULL, @digest = NULL;
