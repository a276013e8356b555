-- The tables as they are today, to read and to make a new database with:
--
--     mariadb gatepass < sql/schema.sql
--
-- `flask db migrate` makes the same out of nothing, and out of the tables that the PHP side created; a test compares
-- the three. In an adopted database users.username alone stays as PHP made it (latin1), as another collation would
-- change which names are equal.
--
-- PHP pages may share users and auth_tokens. They know only the columns up to and including `access_level` and
-- `device_info`, so all that Gatepass added has a default or may be NULL. docs/for-dbas.md says what may be changed by
-- hand; sql/views.sql shows the rows in readable form.

-- One account a row.
CREATE TABLE users (
    id INT NOT NULL AUTO_INCREMENT
        COMMENT 'what user_id means elsewhere',
    -- `Admin`, `admin` and `admin ` are one.
    username VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
        COMMENT 'what is typed at a login; the collation says which names are one',
    -- `!` disables the account for PHP's own login as well: the column is wider than any value PHP could have put into
    -- its 128 characters.
    password VARCHAR(255) NOT NULL
        COMMENT 'as PHP''s password_hash() writes it; with ! in front the user is disabled',
    creation_time DATETIME NOT NULL
        COMMENT 'registration, in the local time of whoever wrote it',
    remote_ip VARCHAR(45) NOT NULL
        COMMENT 'the address at registration; empty for a user that an operator added',
    access_level INT NOT NULL DEFAULT 1
        COMMENT 'PHP''s; reported, never trusted',
    is_admin TINYINT NOT NULL DEFAULT 0
        COMMENT 'administrator of Gatepass; access_level is PHP''s and not trusted',
    rehash_cost TINYINT NOT NULL DEFAULT 0
        COMMENT 'the bcrypt cost at which Gatepass last rehashed the password at a login; 0: never',
    PRIMARY KEY (id),
    UNIQUE KEY username_unique (username)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- One token a row, of every kind. No row, no token: to revoke is to delete. Of the token only the digest is kept.
CREATE TABLE auth_tokens (
    -- (BIGINT: stream tokens are a row each, and an INT is used up in 248 days at 100 a second.)
    id BIGINT NOT NULL AUTO_INCREMENT
        COMMENT 'the session, as lists and logs name it',
    auth_key VARCHAR(64) NOT NULL
        COMMENT 'sha1 hex of a mobile token, as PHP looks it up; sha256 hex of every other kind',
    -- A token of a user who is gone opens nothing.
    user_id INT NOT NULL
        COMMENT 'users.id; 0 for an API or stream token of no user; no foreign key, as old tokens may be of users who are gone',
    -- A token is good while `expiry > now`. (BIGINT: the old INT ends in 2038, as does FROM_UNIXTIME.)
    creation_time BIGINT NOT NULL COMMENT 'Unix seconds',
    expiry BIGINT NOT NULL COMMENT 'Unix seconds',
    last_access BIGINT NOT NULL COMMENT 'Unix seconds',
    device_info VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
        COMMENT 'what the app calls its device',
    kind VARCHAR(16) NOT NULL DEFAULT 'mobile'
        COMMENT 'what the token opens',
    name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NULL
        COMMENT 'what its owner calls it',
    claims TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON',
    remote_ip VARCHAR(45) NOT NULL DEFAULT ''
        COMMENT 'the client at issue',
    user_agent VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'the client at issue',
    parent_id BIGINT NOT NULL DEFAULT 0
        COMMENT 'auth_tokens.id of the token that made it or that it hangs on; 0 for none',
    login_network VARBINARY(8) AS (
        IF(kind IN ('mobile', 'console', 'management') OR (kind = 'jwt_refresh' AND parent_id = 0),
            LEFT(INET6_ATON(IF(IS_IPV4(remote_ip) OR IS_IPV6(remote_ip), remote_ip, NULL)), 8), NULL)) STORED
        COMMENT 'the network of a login: an IPv4 address, or an IPv6 /64; NULL for other tokens',
    PRIMARY KEY (id),
    -- Every look-up of a token, here and in PHP.
    UNIQUE KEY auth_key_unique (auth_key),
    -- A user's sessions, and whether a user is signed in from a network.
    KEY user_id_login_network_key (user_id, login_network, expiry),
    -- What is expired.
    KEY expiry_key (expiry),
    -- The few of a kind among many of another.
    KEY kind_key (kind),
    -- What a token has made.
    KEY parent_id_key (parent_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- What limits guessing: a row for each key that has failed lately. No row, no failures: to pardon is to delete.
CREATE TABLE login_throttle (
    scope VARCHAR(16) NOT NULL
        COMMENT 'what is counted: pair (account and address), address, account, everyone',
    user_id INT NOT NULL DEFAULT 0
        COMMENT 'users.id; 0 where the name is nobody''s or no account is meant',
    -- Of the name as the column users.username compares it (its collation's weights), so that all spellings of it are
    -- one; of the bytes as they were sent only where no column can hold the name.
    name_digest VARCHAR(64) NOT NULL DEFAULT ''
        COMMENT 'sha256 hex of the bytes sent as a name that is nobody''s',
    address VARCHAR(45) NOT NULL DEFAULT ''
        COMMENT 'an IPv4 address, or the first address of an IPv6 /64',
    failures INT NOT NULL
        COMMENT 'since the count began anew',
    window_end DECIMAL(14, 3) NOT NULL
        COMMENT 'Unix seconds; a failure after this begins the count anew',
    blocked_until DECIMAL(14, 3) NOT NULL DEFAULT 0
        COMMENT 'Unix seconds; tries before this are refused',
    expiry DECIMAL(14, 3) NOT NULL
        COMMENT 'Unix seconds; after this the row may be purged',
    PRIMARY KEY (scope, user_id, name_digest, address),
    KEY expiry_key (expiry)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: failed logins and who must wait';

-- How many logins came to what. Each worker adds its counts from time to time; nobody is named.
CREATE TABLE login_stats (
    hour DATETIME NOT NULL
        COMMENT 'UTC, the beginning of the hour',
    door VARCHAR(16) NOT NULL
        COMMENT 'where the login was tried: oauth, ..',
    outcome VARCHAR(16) NOT NULL
        COMMENT 'ok, failed, throttled, busy, error',
    logins INT NOT NULL
        COMMENT 'how many',
    PRIMARY KEY (hour, door, outcome)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: logins by hour, door and outcome';

-- What people say of themselves in the console.
-- A table of its own and not columns of users: PHP may have an `email` of its own there, with a meaning of its own, and
-- no ALTER blocks PHP's INSERTs.
CREATE TABLE profiles (
    user_id INT NOT NULL
        COMMENT 'users.id; no row: nothing was said',
    full_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'the name as the person writes it',
    email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'where to write to; nothing is sent, and nobody proved that it is theirs',
    language VARCHAR(16) NOT NULL DEFAULT ''
        COMMENT 'what the console speaks: en, tr, ..; empty for the browser''s choice',
    PRIMARY KEY (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: what people say of themselves in the console';
