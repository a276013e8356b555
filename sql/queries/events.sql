-- The activity log. Rows are written behind: no request waits for them. Times are Unix seconds.

-- name: add
-- key: none
-- `rows` is a JSON list of objects with these members.
INSERT INTO events (time, event, user_id, door, token_id, address, device, app, reason, actor, times)
SELECT time, event, user_id, door, token_id, address, device, app, reason, actor, times
FROM JSON_TABLE(%(rows)s, '$[*]' COLUMNS (
    time BIGINT PATH '$.time',
    event VARCHAR(24) PATH '$.event',
    user_id INT PATH '$.user_id',
    door VARCHAR(16) PATH '$.door',
    token_id BIGINT PATH '$.token_id',
    address VARCHAR(45) PATH '$.address',
    device VARCHAR(200) CHARACTER SET utf8mb4 PATH '$.device',
    app VARCHAR(64) CHARACTER SET utf8mb4 PATH '$.app',
    reason VARCHAR(24) PATH '$.reason',
    actor VARCHAR(64) CHARACTER SET utf8mb4 PATH '$.actor',
    times INT PATH '$.times'
)) AS new;

-- name: page_of_user
-- key: user_id_time_key
SELECT id, time, event, user_id, door, token_id, address, device, app, reason, actor, times
FROM events
WHERE user_id = %(user_id)s
ORDER BY time DESC, id DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_of_user
-- key: user_id_time_key
SELECT COUNT(*)
FROM (SELECT 1 FROM events WHERE user_id = %(user_id)s LIMIT %(limit)s) AS found;

-- name: apps
-- key: event_time_key
-- The apps of the `newest` logins: logins, users, the last of them; and of all apps together the logins and the
-- first of them.
SELECT MIN(app), SUM(times) AS logins, COUNT(DISTINCT user_id), MAX(time), SUM(SUM(times)) OVER (),
    MIN(MIN(time)) OVER ()
FROM (
    SELECT app, times, user_id, time FROM events WHERE event = 'login.ok' ORDER BY time DESC LIMIT %(newest)s
) AS recent
GROUP BY app
ORDER BY logins DESC, app
LIMIT %(limit)s;

-- name: users_of_app
-- key: event_time_key
-- The users of those logins whose app this is.
SELECT user_id, COUNT(*), ''
FROM (
    SELECT app, user_id FROM events WHERE event = 'login.ok' ORDER BY time DESC LIMIT %(newest)s
) AS recent
WHERE app = %(app)s
GROUP BY user_id
ORDER BY user_id
LIMIT %(limit)s;

-- name: delete_old
-- key: event_time_key
DELETE FROM events
WHERE event IN %(events)s AND time < %(before)s
ORDER BY event, time
LIMIT %(limit)s;
