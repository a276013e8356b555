-- How many logins came to what, by the hour. Written outside requests.

-- name: add
-- key: none
INSERT INTO login_stats (hour, door, outcome, logins)
VALUES (%(hour)s, %(door)s, %(outcome)s, %(logins)s)
ON DUPLICATE KEY UPDATE logins = logins + VALUES(logins);

-- name: delete_old
-- key: PRIMARY
DELETE FROM login_stats
WHERE hour < %(before)s
ORDER BY hour
LIMIT %(limit)s;
