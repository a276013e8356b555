-- What the service asks about the columns of an adopted table.

-- name: username
-- key: none
-- A column of bytes (VARBINARY) has neither charset nor collation.
SELECT COALESCE(character_set_name, 'binary'), COALESCE(collation_name, 'binary'), character_octet_length
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'username';
