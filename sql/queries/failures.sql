-- Where failed logins came from lately, of the activity log. Times are Unix seconds. Each row is one text of its columns,
-- with a space between: so thousands are read quickly.

-- name: latest
-- key: event_time_key
-- The latest events of this name.
SELECT CONCAT_WS(' ', time, user_id, times, reason = 'everyone', address)
FROM events
WHERE event = %(event)s AND time > %(since)s
ORDER BY time DESC
LIMIT %(limit)s;

-- name: logins
-- key: PRIMARY, address_time_key
-- The logins from these addresses, among `most` events of theirs.
SELECT CONCAT_WS(' ', e.time, e.user_id, e.times, 0, e.address)
FROM (SELECT id FROM events WHERE address IN %(addresses)s AND time > %(since)s LIMIT %(most)s) AS theirs
STRAIGHT_JOIN events e ON e.id = theirs.id
WHERE e.event = 'login.ok'
ORDER BY e.time DESC
LIMIT %(limit)s;

-- name: usernames
-- key: PRIMARY
SELECT id, NAME_BYTES(username) FROM users WHERE id IN %(ids)s LIMIT %(limit)s;
