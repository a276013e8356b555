-- Signs a user out everywhere: it deletes the rows of all the user's tokens, of every kind. A token without a row
-- opens nothing, so every door and every PHP page refuses it from the next request on. The user can log in again.
--
-- The command `gatepass session revoke --user NAME --all` does the same and logs it. To stop new logins too, disable
-- the account: `gatepass user disable NAME`.
--
-- Find the user's id in the view active_sessions or with `gatepass user show NAME`. Then run:
--
--     mariadb NAME -t --init-command='SET @user_id = 12' < sql/ops/revoke_sessions_of_user.sql
--
-- It shows the 20 tokens used last, deletes at most 10,000 tokens and says how many are left: run it again until that
-- is 0. If @user_id is not a whole number over 0, it finds and deletes nothing.
--
-- Example of the output:
--
--     id    kind    device_info  remote_ip  last_used
--     1007  mobile  iPhone 7     10.0.0.1   2026-11-22 08:15:00
--     revoked  left
--     1        0

SET @revoke_of = IF(CONVERT(@user_id USING utf8mb4) REGEXP '^[1-9][0-9]{0,9}$', CAST(@user_id AS SIGNED), NULL);

SELECT id, kind, device_info, remote_ip, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL last_access SECOND AS last_used
FROM auth_tokens
WHERE user_id = @revoke_of
ORDER BY last_access DESC, id DESC
LIMIT 20;

DELETE IGNORE FROM auth_tokens
WHERE user_id = @revoke_of
ORDER BY id
LIMIT 10000;

SET @revoked = ROW_COUNT();

-- A row that a foreign key keeps is ended instead: its token opens nothing, and a purge deletes the row later.
UPDATE auth_tokens
SET expiry = 0
WHERE user_id = @revoke_of AND expiry > 0 AND @revoked < 10000;

SELECT @revoked + ROW_COUNT() AS revoked,
    (SELECT COUNT(*) FROM auth_tokens WHERE user_id = @revoke_of AND expiry > 0) AS `left`;
