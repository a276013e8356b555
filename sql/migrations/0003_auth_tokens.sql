-- auth_tokens: tokens of every kind, times beyond 2038, device names in any script, and the keys that find a row.

-- refuse: tokens with one auth_key (ids are shown, as a digest is a secret); delete all but the newest of each
SELECT GROUP_CONCAT(id ORDER BY id SEPARATOR ', ') AS ids
FROM auth_tokens
GROUP BY CONVERT(auth_key USING latin1) COLLATE latin1_swedish_ci
HAVING COUNT(*) > 1
ORDER BY MIN(id)
LIMIT 1000;

-- refuse: tokens with a NULL where PHP always writes a value; fill it or delete them
SELECT id
FROM auth_tokens
WHERE auth_key IS NULL OR user_id IS NULL OR creation_time IS NULL OR expiry IS NULL OR last_access IS NULL
    OR device_info IS NULL
ORDER BY id
LIMIT 1000;

-- refuse: device names of over 200 characters, which is what the service takes; shorten them
SELECT id, CHAR_LENGTH(device_info) AS characters
FROM auth_tokens
WHERE CHAR_LENGTH(device_info) > 200
ORDER BY id
LIMIT 1000;

-- refuse: columns of these names that are not ours; rename them
SELECT column_name, column_type
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
    AND (column_name, column_comment) IN
        (('kind', ''), ('name', ''), ('claims', ''), ('remote_ip', ''), ('user_agent', ''), ('parent_id', ''),
        ('login_network', ''), ('last_ip', ''));

-- alter: auth_tokens
ALTER TABLE auth_tokens;

-- unless
SELECT 1 FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND engine = 'InnoDB';
-- clause
ENGINE = InnoDB;

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'id' AND data_type = 'bigint';
-- clause
MODIFY id BIGINT NOT NULL AUTO_INCREMENT
    COMMENT 'the session, as lists and logs name it';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'auth_key' AND character_maximum_length >= 64
    AND is_nullable = 'NO';
-- clause
MODIFY auth_key VARCHAR(64) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL
    COMMENT 'sha1 hex of a mobile token, as PHP looks it up; sha256 hex of every other kind';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'user_id'
    AND (is_nullable = 'NO' OR data_type <> 'int' OR column_type LIKE '%unsigned%');
-- clause
MODIFY user_id INT NOT NULL
    COMMENT 'users.id; 0 for an API or stream token of no user; no foreign key, as old tokens may be of users who are gone';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'creation_time' AND data_type = 'bigint'
    AND is_nullable = 'NO';
-- clause
MODIFY creation_time BIGINT NOT NULL COMMENT 'Unix seconds';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'expiry' AND data_type = 'bigint'
    AND is_nullable = 'NO';
-- clause
MODIFY expiry BIGINT NOT NULL COMMENT 'Unix seconds';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'last_access' AND data_type = 'bigint'
    AND is_nullable = 'NO';
-- clause
MODIFY last_access BIGINT NOT NULL COMMENT 'Unix seconds';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'device_info' AND character_set_name = 'utf8mb4'
    AND is_nullable = 'NO';
-- clause
MODIFY device_info VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
    COMMENT 'what the app calls its device';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'kind';
-- clause
ADD COLUMN kind VARCHAR(16) NOT NULL DEFAULT 'mobile'
    COMMENT 'what the token opens';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'name';
-- clause
ADD COLUMN name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NULL
    COMMENT 'what its owner calls it';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'claims';
-- clause
ADD COLUMN claims TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'remote_ip';
-- clause
ADD COLUMN remote_ip VARCHAR(45) NOT NULL DEFAULT ''
    COMMENT 'the client at issue';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'user_agent';
-- clause
ADD COLUMN user_agent VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
    COMMENT 'the client at issue';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'parent_id';
-- clause
ADD COLUMN parent_id BIGINT NOT NULL DEFAULT 0
    COMMENT 'auth_tokens.id of its parent, the token that made it or the refresh token of its family; 0: none';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'parent_id' AND data_type <> 'bigint';
-- clause
MODIFY parent_id BIGINT NOT NULL DEFAULT 0
    COMMENT 'auth_tokens.id of its parent, the token that made it or the refresh token of its family; 0: none';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'login_network';
-- clause
ADD COLUMN login_network VARBINARY(8) AS (
    IF(kind IN ('mobile', 'console', 'management') OR (kind = 'jwt_refresh' AND parent_id = 0),
        LEFT(INET6_ATON(IF(IS_IPV4(remote_ip) OR IS_IPV6(remote_ip), remote_ip, NULL)), 8), NULL)) STORED
    COMMENT 'the network of a login: an IPv4 address, or an IPv6 /64; NULL for other tokens';

-- unless
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'last_ip';
-- clause
ADD COLUMN last_ip VARCHAR(45) NOT NULL DEFAULT ''
    COMMENT 'the client at the last use of an API token; empty for other kinds, and where no client is known';

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
GROUP BY index_name
HAVING GROUP_CONCAT(column_name ORDER BY seq_in_index) = 'auth_key' AND MAX(non_unique) = 0
    AND MAX(sub_part) IS NULL;
-- clause
ADD UNIQUE KEY auth_key_unique (auth_key);

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
GROUP BY index_name
HAVING CONCAT(GROUP_CONCAT(column_name ORDER BY seq_in_index), ',') LIKE 'user_id,login_network,expiry,%'
    AND MAX(sub_part) IS NULL;
-- clause
ADD KEY user_id_login_network_key (user_id, login_network, expiry);

-- when
-- user_id_login_network_key, above, replaces this key.
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND index_name = 'user_id_remote_ip_key'
GROUP BY index_name
HAVING GROUP_CONCAT(column_name ORDER BY seq_in_index) = 'user_id,remote_ip';
-- clause
DROP KEY user_id_remote_ip_key;

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
GROUP BY index_name
HAVING CONCAT(GROUP_CONCAT(column_name ORDER BY seq_in_index), ',') LIKE 'expiry,%'
    AND MAX(sub_part) IS NULL;
-- clause
ADD KEY expiry_key (expiry);

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
GROUP BY index_name
HAVING CONCAT(GROUP_CONCAT(column_name ORDER BY seq_in_index), ',') LIKE 'kind,expiry,%'
    AND MAX(sub_part) IS NULL;
-- clause
ADD KEY kind_expiry_key (kind, expiry);

-- when
-- kind_expiry_key, above, replaces this key.
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND index_name = 'kind_key'
GROUP BY index_name
HAVING GROUP_CONCAT(column_name ORDER BY seq_in_index) = 'kind';
-- clause
DROP KEY kind_key;

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
GROUP BY index_name
HAVING CONCAT(GROUP_CONCAT(column_name ORDER BY seq_in_index), ',') LIKE 'parent_id,%'
    AND MAX(sub_part) IS NULL;
-- clause
ADD KEY parent_id_key (parent_id);

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
GROUP BY index_name
HAVING CONCAT(GROUP_CONCAT(column_name ORDER BY seq_in_index), ',') LIKE 'remote_ip,%'
    AND MAX(sub_part) IS NULL;
-- clause
ADD KEY remote_ip_key (remote_ip);

-- unless
SELECT index_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens'
GROUP BY index_name
HAVING CONCAT(GROUP_CONCAT(column_name ORDER BY seq_in_index), ',') LIKE 'device_info,user_id,expiry,kind,%'
    AND MAX(sub_part) IS NULL;
-- clause
ADD KEY device_info_key (device_info, user_id, expiry, kind);

-- when
-- From here on only column comments are added. MODIFY must repeat the whole definition of a column, so each condition
-- asks for exactly the definition of PHP's tables or ours (a column with a CHECK is left alone too): then the comment
-- is all that changes. An ALTER of comments alone is instant whatever the number of rows; a test checks that. A
-- database needs it if it was migrated before columns had comments.
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'id' AND column_comment = ''
    AND column_type IN ('bigint', 'bigint(20)')
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = 'auto_increment'
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY id BIGINT NOT NULL AUTO_INCREMENT
    COMMENT 'the session, as lists and logs name it';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'user_id' AND column_comment = ''
    AND column_type IN ('int', 'int(11)')
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = ''
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY user_id INT NOT NULL
    COMMENT 'users.id; 0 for an API or stream token of no user; no foreign key, as old tokens may be of users who are gone';

-- when
SELECT 1 FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 'auth_tokens' AND column_name = 'device_info' AND column_comment = ''
    AND column_type = 'varchar(200)' AND collation_name = 'utf8mb4_unicode_520_ci'
    AND is_nullable = 'NO' AND column_default IS NULL AND extra = ''
    AND column_name NOT IN
        (SELECT constraint_name FROM information_schema.check_constraints WHERE constraint_schema = DATABASE());
-- clause
MODIFY device_info VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
    COMMENT 'what the app calls its device';
