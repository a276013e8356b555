-- Finds the session of a token that somebody sent or that stood in a log: whose it is, its kind, whether it is good.
-- Of a token only a digest is stored: SHA-1 in hex of a mobile one, SHA-256 in hex of every other kind.
-- (A signed one, `eyJ..`, also needs the key that signed it in TOKEN_KEYS, of which the database knows nothing.)
--
-- A token is a password. What is typed into the mariadb client is written to its history file and maybe to the server's
-- general log, and what stands in a command line is seen by everybody who runs ps. So make the digest in the shell,
-- which reads the token without showing or keeping it, and give the client the digest alone, which opens nothing:
--
--     read -rs TOKEN
--     DIGEST=$(printf %s "$TOKEN" | sha1sum | cut -d ' ' -f 1)      # mobile; sha256sum for every other kind
--     mariadb NAME -t --init-command="SET @digest = '$DIGEST'" < sql/ops/find_token_by_text.sql
--     unset TOKEN
--
-- Or, if the token must be given as text, in a client without a history, on a connection that nobody logs:
--
--     MYSQL_HISTFILE=/dev/null mariadb NAME
--     SET @token = '...';
--     SOURCE sql/ops/find_token_by_text.sql
--
-- Example of its output (no row: there is no such token, any more or ever; then it opens nothing):
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
WHERE t.auth_key IN
    (CONVERT(COALESCE(@digest, SHA1(@token)) USING latin1), CONVERT(COALESCE(@digest, SHA2(@token, 256)) USING latin1))
LIMIT 2;

SET @token = NULL, @digest = NULL;
