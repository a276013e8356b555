-- What users tell about themselves in the console. A user who has told nothing has no row.

-- name: find
-- key: PRIMARY
SELECT full_name, email, language, time_zone
FROM profiles
WHERE user_id = %(user_id)s;

-- name: save
-- key: none
INSERT INTO profiles (user_id, full_name, email, language, time_zone)
VALUES (%(user_id)s, %(full_name)s, %(email)s, %(language)s, %(time_zone)s)
ON DUPLICATE KEY UPDATE full_name = VALUES(full_name), email = VALUES(email), language = VALUES(language),
    time_zone = VALUES(time_zone);

-- name: drop_words
-- key: user_id_key
-- The words that are not among these any more. `words` is a JSON list.
DELETE FROM profile_words
WHERE user_id = %(user_id)s AND NOT JSON_CONTAINS(%(words)s, JSON_QUOTE(word))
ORDER BY word
LIMIT %(limit)s;

-- name: add_words
-- key: none
-- IGNORE: words that are there already, and two spellings that are equal for the column.
INSERT IGNORE INTO profile_words (word, user_id)
SELECT word, %(user_id)s
FROM JSON_TABLE(%(words)s, '$[*]' COLUMNS (word VARCHAR(254) CHARACTER SET utf8mb4 PATH '$')) AS new;

-- name: users_by_word
-- key: PRIMARY
-- The users with a word that begins so, each with the number of such words. `scanned` bounds the words that are read.
SELECT user_id, COUNT(*), ''
FROM (
    SELECT user_id FROM profile_words WHERE word LIKE %(word)s ORDER BY word, user_id LIMIT %(scanned)s
) AS words
GROUP BY user_id
ORDER BY user_id
LIMIT %(limit)s;

-- name: users_by_words
-- key: user_id_key, PRIMARY
-- Those of them who have a second word, too.
SELECT words.user_id, 1, ''
FROM (
    SELECT user_id FROM profile_words WHERE word LIKE %(word)s ORDER BY word, user_id LIMIT %(scanned)s
) AS words
JOIN profile_words second ON second.user_id = words.user_id
WHERE second.word LIKE %(second)s
GROUP BY words.user_id
ORDER BY words.user_id
LIMIT %(limit)s;

-- name: count_words
-- key: PRIMARY
SELECT COUNT(*)
FROM (SELECT 1 FROM profile_words WHERE word LIKE %(word)s LIMIT %(scanned)s) AS words;

-- name: of_ids
-- key: PRIMARY
SELECT user_id, full_name, email, language, time_zone
FROM profiles
WHERE user_id IN %(ids)s;
