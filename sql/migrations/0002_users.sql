-- users: unique names, administrators, and room for the `!` that disables an account.
-- Our keys are named `.._unique` and `.._key`, because an index of one column usually has the column's name.

-- refuse: users of equal names (the column's collation decides); rename or delete all but one of each
SELECT GROUP_CONCAT(id ORDER BY id SEPARATOR ', ') AS ids, MIN(username) AS username
FROM users
GROUP BY users.username
HAVING COUNT(*) > 1 AND MIN(username) IS NOT NULL
ORDER BY MIN(id)
LIMIT 1000;

-- refuse: columns of these names that are not ours (is_admin would make administrators of Gatepass); rename them
SELECT column_name, column_type
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name IN ('is_admin', 'rehash_cost')
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
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'rehash_cost';
-- clause
ADD COLUMN rehash_cost TINYINT NOT NULL DEFAULT 0
    COMMENT 'the bcrypt cost at which Gatepass last rehashed the password at a login; 0: never';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'password'
    AND (character_maximum_length > 128 OR is_nullable = 'YES');
-- clause
MODIFY password VARCHAR(255) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL
    COMMENT 'as PHP''s password_hash() writes it; with ! in front the user is disabled';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'password'
    AND character_maximum_length <= 128 AND is_nullable = 'YES';
-- clause
MODIFY password VARCHAR(255) CHARACTER SET latin1 COLLATE latin1_swedish_ci NULL
    COMMENT 'as PHP''s password_hash() writes it; with ! in front the user is disabled';

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'users'
GROUP BY index_name
HAVING GROUP_CONCAT(column_name ORDER BY seq_in_index) = 'username' AND MAX(non_unique) = 0 AND MAX(sub_part) IS NULL;
-- clause
ADD UNIQUE KEY username_unique (username);

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'users'
GROUP BY index_name
HAVING CONCAT(GROUP_CONCAT(column_name ORDER BY seq_in_index), ',') LIKE 'is_admin,%'
    AND MAX(sub_part) IS NULL;
-- clause
ADD KEY is_admin_key (is_admin);

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'users'
GROUP BY index_name
HAVING CONCAT(GROUP_CONCAT(column_name ORDER BY seq_in_index), ',') LIKE 'password,%'
    AND MAX(sub_part) IS NOT NULL;
-- clause
ADD KEY disabled_key (password(1));

-- when
-- From here on only column comments are added. MODIFY must repeat the whole definition of a column, so each condition
-- asks for exactly the definition of PHP's tables or ours (a column with a CHECK is left alone too): then the comment
-- is all that changes. An ALTER of comments alone is instant whatever the number of rows; a test checks that. A
-- database needs it if it was migrated before columns had comments.
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'id' AND column_comment = ''
    AND column_type IN ('int', 'int(11)')
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = 'auto_increment'
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY id INT NOT NULL AUTO_INCREMENT
    COMMENT 'what user_id means elsewhere';

-- when
-- Only for the two collations that PHP's tables and ours have. A column of another collation stays without a comment.
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'username' AND column_comment = ''
    AND column_type = 'varchar(30)' AND collation_name = 'latin1_swedish_ci'
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = ''
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY username VARCHAR(30) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL
    COMMENT 'what is typed at a login; the collation says which names are one';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'username' AND column_comment = ''
    AND column_type = 'varchar(30)' AND collation_name = 'utf8mb4_unicode_520_ci'
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = ''
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY username VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
    COMMENT 'what is typed at a login; the collation says which names are one';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'password' AND column_comment = ''
    AND column_type = 'varchar(255)' AND collation_name = 'latin1_swedish_ci'
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = ''
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY password VARCHAR(255) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL
    COMMENT 'as PHP''s password_hash() writes it; with ! in front the user is disabled';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'creation_time' AND column_comment = ''
    AND column_type = 'datetime'
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = ''
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY creation_time DATETIME NOT NULL
    COMMENT 'registration, in the local time of whoever wrote it';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'remote_ip' AND column_comment = ''
    AND column_type = 'varchar(45)' AND collation_name = 'latin1_swedish_ci'
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = ''
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY remote_ip VARCHAR(45) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL
    COMMENT 'the address at registration; empty for a user that an operator added';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'access_level' AND column_comment = ''
    AND column_type IN ('int', 'int(11)')
    AND is_nullable = 'NO' AND column_default = '1' AND extra = ''
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY access_level INT NOT NULL DEFAULT 1
    COMMENT 'PHP''s; reported, never trusted';
