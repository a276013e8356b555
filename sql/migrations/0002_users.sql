-- users: one account a name, and administrators.

-- refuse: users of equal names (the column's collation decides); rename or delete all but one of each
SELECT GROUP_CONCAT(id ORDER BY id SEPARATOR ', ') AS ids, MIN(username) AS username
FROM users
GROUP BY users.username
HAVING COUNT(*) > 1
ORDER BY MIN(id)
LIMIT 1000;

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
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'users'
GROUP BY index_name
HAVING GROUP_CONCAT(column_name ORDER BY seq_in_index) = 'username' AND MAX(non_unique) = 0 AND MAX(sub_part) IS NULL;
-- clause
ADD UNIQUE KEY username (username);
