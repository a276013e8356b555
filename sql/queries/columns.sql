-- What the service must know of the columns it was given.

-- name: username
-- key: none
-- A column of bytes has no charset.
SELECT COALESCE(character_set_name, 'binary'), COALESCE(collation_name, 'binary'), character_octet_length
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'username';
