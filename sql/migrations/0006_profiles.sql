-- profiles: what users tell about themselves in the console. A separate table: `users` may have an `email` column of
-- PHP's with another meaning, and adding columns to it would block PHP's INSERTs.

-- refuse: a table profiles that is not ours; rename it
SELECT table_name
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'profiles' AND table_comment NOT LIKE 'Gatepass:%';

-- create: profiles
CREATE TABLE profiles (
    user_id INT NOT NULL
        COMMENT 'users.id; no row: nothing was said',
    full_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'the name as the person writes it',
    email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'where to write to; nothing is sent, and nobody proved that it is theirs',
    language VARCHAR(16) NOT NULL DEFAULT ''
        COMMENT 'what the console speaks: en, tr, ..; empty for the browser''s choice',
    time_zone VARCHAR(64) NOT NULL DEFAULT ''
        COMMENT 'the zone in which the console shows times: Europe/Istanbul; empty for UTC',
    PRIMARY KEY (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: what people say of themselves in the console';

-- alter: profiles
ALTER TABLE profiles;

-- when
SELECT 1 FROM information_schema.tables t
WHERE t.table_schema = DATABASE() AND t.table_name = 'profiles' AND NOT EXISTS (
    SELECT 1 FROM information_schema.columns c
    WHERE c.table_schema = DATABASE() AND c.table_name = 'profiles' AND c.column_name = 'time_zone');
-- clause
ADD COLUMN time_zone VARCHAR(64) NOT NULL DEFAULT ''
    COMMENT 'the zone in which the console shows times: Europe/Istanbul; empty for UTC';
