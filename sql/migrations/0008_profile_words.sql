-- profile_words: by which words an administrator finds a person. Made from the profiles that there are; saving a profile
-- renews its words. An ı is kept as i: see v1/db/tables/profiles.py.

-- refuse: a table profile_words that is not ours; rename it
SELECT table_name
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'profile_words' AND table_comment NOT LIKE 'Gatepass:%';

-- The table gets its name when it is filled: so a migration that was cut off fills it again.
-- create: profile_words
CREATE TABLE IF NOT EXISTS profile_words_new (
    word VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
        COMMENT 'a word of the full name, the email address, or its domain with the @ in front',
    user_id INT NOT NULL
        COMMENT 'users.id',
    PRIMARY KEY (word, user_id),
    KEY user_id_key (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: the words by which people are found in the console';

-- create: profile_words
INSERT IGNORE INTO profile_words_new (word, user_id)
SELECT REPLACE(found.word, 'ı', 'i'), found.user_id
FROM (
    SELECT named.word, p.user_id
    FROM profiles p
    -- JSON_QUOTE makes "Ada Lovelace"; with each space replaced it is a list of words: ["Ada","Lovelace"].
    JOIN JSON_TABLE(CONCAT('[', REPLACE(JSON_QUOTE(p.full_name), ' ', '","'), ']'), '$[*]' COLUMNS (
        word VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci PATH '$')) AS named
    UNION ALL
    SELECT p.email, p.user_id FROM profiles p
    UNION ALL
    SELECT SUBSTRING(p.email, LOCATE('@', p.email)), p.user_id FROM profiles p WHERE LOCATE('@', p.email) > 0
) AS found
WHERE found.word <> '';

-- create: profile_words
RENAME TABLE profile_words_new TO profile_words;
