-- The two tables as they are today, to read and to make a new database with:
--
--     mariadb gatepass < sql/schema.sql
--
-- `flask db migrate` makes the same out of nothing, and out of the tables that the PHP side created; a test compares
-- the three. In an adopted database users.username alone stays as PHP made it (latin1), as another collation would
-- change which names are equal.
--
-- PHP pages may share both tables. They know only the columns up to and including `access_level` and `device_info`,
-- so all that Gatepass added has a default or may be NULL.

-- One account a row.
CREATE TABLE users (
    id INT NOT NULL AUTO_INCREMENT,
    -- The collation says which names are one: `Admin`, `admin` and `admin ` are.
    username VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
    -- As PHP's password_hash() writes it. `!` in front disables the account, for PHP's own login as well:
    -- the column is wider than any value PHP could have put into its 128 characters.
    password VARCHAR(255) NOT NULL,
    creation_time DATETIME NOT NULL,
    -- The address at registration, as PHP wrote it; empty for an account made by `flask user add`.
    remote_ip VARCHAR(45) NOT NULL,
    access_level INT NOT NULL DEFAULT 1,
    is_admin TINYINT NOT NULL DEFAULT 0
        COMMENT 'administrator of Gatepass; access_level is PHP''s and not trusted',
    PRIMARY KEY (id),
    UNIQUE KEY username_unique (username)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- One token a row, of every kind. No row, no token: to revoke is to delete. Of the token only the digest is kept.
CREATE TABLE auth_tokens (
    id INT NOT NULL AUTO_INCREMENT,
    auth_key VARCHAR(64) NOT NULL
        COMMENT 'sha1 hex of a mobile token, as PHP looks it up; sha256 hex of every other kind',
    -- users.id. No foreign key: old databases hold tokens of users who are gone, and such a token opens nothing.
    user_id INT NOT NULL,
    -- A token is good while `expiry > now`. (BIGINT: the old INT ends in 2038, as does FROM_UNIXTIME.)
    creation_time BIGINT NOT NULL COMMENT 'Unix seconds',
    expiry BIGINT NOT NULL COMMENT 'Unix seconds',
    last_access BIGINT NOT NULL COMMENT 'Unix seconds',
    -- What the app calls its device, for people to recognise it by.
    device_info VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
    kind VARCHAR(16) NOT NULL DEFAULT 'mobile'
        COMMENT 'what the token opens',
    name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NULL
        COMMENT 'what its owner calls it',
    claims TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON',
    remote_ip VARCHAR(45) NOT NULL DEFAULT ''
        COMMENT 'the client at issue',
    user_agent VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'the client at issue',
    PRIMARY KEY (id),
    -- Every look-up of a token, here and in PHP.
    UNIQUE KEY auth_key_unique (auth_key),
    -- A user's sessions, and all of a user's at one address.
    KEY user_id_remote_ip_key (user_id, remote_ip),
    -- What is expired.
    KEY expiry_key (expiry)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;
