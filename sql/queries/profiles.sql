-- What users tell about themselves in the console. A user who has told nothing has no row.

-- name: find
-- key: PRIMARY
SELECT full_name, email, language
FROM profiles
WHERE user_id = %(user_id)s;

-- name: save
-- key: none
INSERT INTO profiles (user_id, full_name, email, language)
VALUES (%(user_id)s, %(full_name)s, %(email)s, %(language)s)
ON DUPLICATE KEY UPDATE full_name = VALUES(full_name), email = VALUES(email), language = VALUES(language);
