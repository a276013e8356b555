-- Counts of logins by hour, door and outcome. They are written behind: no request waits for them.

-- name: add
-- key: none
INSERT INTO login_stats (hour, door, outcome, logins)
VALUES (%(hour)s, %(door)s, %(outcome)s, %(logins)s)
ON DUPLICATE KEY UPDATE logins = logins + VALUES(logins);

-- name: by_hour
-- key: PRIMARY
-- An empty door stands for all.
SELECT CAST(hour AS CHAR), outcome, CAST(SUM(logins) AS SIGNED)
FROM login_stats
WHERE hour >= %(since)s AND %(door)s IN ('', door)
GROUP BY hour, outcome
ORDER BY hour, outcome
LIMIT %(limit)s;

-- name: by_day
-- key: PRIMARY
SELECT CAST(DATE(hour) AS CHAR) AS day, outcome, CAST(SUM(logins) AS SIGNED)
FROM login_stats
WHERE hour >= %(since)s AND %(door)s IN ('', door)
GROUP BY day, outcome
ORDER BY day, outcome
LIMIT %(limit)s;

-- name: by_door
-- key: PRIMARY
SELECT door, outcome, CAST(SUM(logins) AS SIGNED)
FROM login_stats
WHERE hour >= %(since)s
GROUP BY door, outcome
ORDER BY door, outcome
LIMIT %(limit)s;

-- name: delete_old
-- key: PRIMARY
DELETE FROM login_stats
WHERE hour < %(before)s
ORDER BY hour
LIMIT %(limit)s;
