-- What the service must know of the columns it was given.

-- name: username_charset
-- key: none
SELECT character_set_name
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'username';
