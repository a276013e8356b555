-- users: one account a name, administrators, and room for the `!` that disables an account.
-- Keys have names that neither the server nor a DBA gives to an index of one column.

-- refuse: users of equal names (the column's collation decides); rename or delete all but one of each
SELECT GROUP_CONCAT(id ORDER BY id SEPARATOR ', ') AS ids, MIN(username) AS username
FROM users
GROUP BY users.username
HAVING COUNT(*) > 1 AND MIN(username) IS NOT NULL
ORDER BY MIN(id)
LIMIT 1000;

-- refuse: a column is_admin that is not ours; whoever it names would be an administrator of Gatepass: rename it
SELECT column_name, column_type
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'is_admin'
    AND column_comment NOT LIKE '%Gatepass%';

-- alter: users
ALTER TABLE users;

-- unless
SELECT 1 FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'users' AND engine = 'InnoDB';
-- clause
ENGINE = InnoDB;

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'is_admin';
-- clause
ADD COLUMN is_admin TINYINT NOT NULL DEFAULT 0
    COMMENT 'administrator of Gatepass; access_level is PHP''s and not trusted';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'password'
    AND (character_maximum_length > 128 OR is_nullable = 'YES');
-- clause
MODIFY password VARCHAR(255) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL;

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'password'
    AND character_maximum_length <= 128 AND is_nullable = 'YES';
-- clause
MODIFY password VARCHAR(255) CHARACTER SET latin1 COLLATE latin1_swedish_ci NULL;

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'users'
GROUP BY index_name
HAVING GROUP_CONCAT(column_name ORDER BY seq_in_index) = 'username' AND MAX(non_unique) = 0 AND MAX(sub_part) IS NULL;
-- clause
ADD UNIQUE KEY username_unique (username);
