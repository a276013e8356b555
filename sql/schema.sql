-- The tables of Gatepass, to read or to make a new database:
--
--     mariadb gatepass < sql/schema.sql
--
-- `gatepass db migrate` makes the same tables from nothing, and from the tables that the PHP side created; a test
-- compares the three. One column differs in an adopted database: users.username keeps PHP's charset and collation
-- (latin1), as another collation would change which names are equal.
--
-- PHP pages may share users and auth_tokens. They know the columns up to and including `access_level` and
-- `device_info`. Every column that Gatepass added has a default or may be NULL, so that PHP's INSERTs still succeed.
-- docs/for-dbas.md says what may be changed by hand. sql/views.sql shows the rows in readable form.

-- One row is one account.
CREATE TABLE users (
    id INT NOT NULL AUTO_INCREMENT
        COMMENT 'what user_id means elsewhere',
    -- `Admin`, `admin` and `admin ` are the same name.
    username VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
        COMMENT 'what is typed at a login; the collation says which names are one',
    -- A `!` in front disables the account for PHP's login too. PHP's column has 128 characters: this one is wider, so
    -- the `!` always fits.
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
    UNIQUE KEY username_unique (username),
    -- Find administrators, and disabled users: the first character of their password is `!`.
    KEY is_admin_key (is_admin),
    KEY disabled_key (password(1))
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- One row is one token, of any kind. A token without a row opens nothing: to revoke a token, delete its row. Only the
-- token's digest is stored.
CREATE TABLE auth_tokens (
    -- BIGINT: each stream token has a row. At 100 a second an INT is used up in 248 days.
    id BIGINT NOT NULL AUTO_INCREMENT
        COMMENT 'the session, as lists and logs name it',
    auth_key VARCHAR(64) NOT NULL
        COMMENT 'sha1 hex of a mobile token, as PHP looks it up; sha256 hex of every other kind',
    -- A token whose user no longer exists opens nothing.
    user_id INT NOT NULL
        COMMENT 'users.id; 0 for an API or stream token of no user; no foreign key, as old tokens may be of users who are gone',
    -- A token is good while `expiry > now`. BIGINT: PHP's INT ends in 2038, and so does FROM_UNIXTIME.
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
        COMMENT 'auth_tokens.id of its parent, the token that made it or the refresh token of its family; 0: none',
    login_network VARBINARY(8) AS (
        IF(kind IN ('mobile', 'console', 'management') OR (kind = 'jwt_refresh' AND parent_id = 0),
            LEFT(INET6_ATON(IF(IS_IPV4(remote_ip) OR IS_IPV6(remote_ip), remote_ip, NULL)), 8), NULL)) STORED
        COMMENT 'the network of a login: an IPv4 address, or an IPv6 /64; NULL for other tokens',
    last_ip VARCHAR(45) NOT NULL DEFAULT ''
        COMMENT 'the client at the last use of an API token; empty for other kinds, and where no client is known',
    PRIMARY KEY (id),
    -- Finds a token by its digest, in Gatepass and in PHP.
    UNIQUE KEY auth_key_unique (auth_key),
    -- Finds a user's tokens, and whether the user is signed in from a network.
    KEY user_id_login_network_key (user_id, login_network, expiry),
    -- Finds expired tokens.
    KEY expiry_key (expiry),
    -- Finds the live tokens of one kind, and counts them.
    KEY kind_expiry_key (kind, expiry),
    -- Finds the children of a token.
    KEY parent_id_key (parent_id),
    -- Find who is signed in from an address, or on a device. The sessions of each device are counted by the second one.
    KEY remote_ip_key (remote_ip),
    KEY device_info_key (device_info, user_id, expiry, kind)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- The counters of failed logins, which limit guessing. One row is one counter; a row of the scope `report` counts
-- nothing, it says when an attack was last reported. To forget the failures of a counter, delete its row.
CREATE TABLE login_throttle (
    scope VARCHAR(16) NOT NULL
        COMMENT 'what is counted: pair (account and address), address, account, everyone',
    user_id INT NOT NULL DEFAULT 0
        COMMENT 'users.id; 0 where the name is nobody''s or no account is meant',
    -- The digest is made of the name's collation weights, which are the same for all its spellings. For a name that the
    -- column cannot hold, it is made of the bytes that were sent. (See sql/queries/login.sql.)
    name_digest VARCHAR(64) NOT NULL DEFAULT ''
        COMMENT 'sha256 hex for a name without a user, the same for all its spellings; else empty',
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
    KEY expiry_key (expiry),
    KEY address_key (address)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: failed logins and who must wait';

-- Counts of logins. Each worker adds its own from time to time. No user is named.
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

-- What users tell about themselves in the console. A separate table: `users` may have an `email` column of PHP's with
-- another meaning, and adding columns to it would block PHP's INSERTs.
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

-- The activity log. Each worker adds rows from time to time.
CREATE TABLE events (
    id BIGINT NOT NULL AUTO_INCREMENT
        COMMENT 'in the order of writing, not of time',
    time BIGINT NOT NULL
        COMMENT 'Unix seconds',
    event VARCHAR(24) NOT NULL
        COMMENT 'what happened: login.ok, login.failed, login.throttled, token.issued, ..',
    user_id INT NOT NULL DEFAULT 0
        COMMENT 'users.id of the account that it happened to; 0 for a name that is nobody''s',
    door VARCHAR(16) NOT NULL DEFAULT ''
        COMMENT 'where a login was tried: oauth, ..',
    token_id BIGINT NOT NULL DEFAULT 0
        COMMENT 'auth_tokens.id of the token that was issued or revoked; 0: none, or several',
    address VARCHAR(45) NOT NULL DEFAULT ''
        COMMENT 'the client',
    device VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'what the app calls its device, or the name of an API token',
    app VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'the first product of the User-Agent: the app and its version',
    reason VARCHAR(24) NOT NULL DEFAULT ''
        COMMENT 'why a login was refused, the scope that made it wait, or the kind of token',
    actor VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL DEFAULT ''
        COMMENT 'who did it, if not the user: user 3, token 7, or an account of the machine',
    times INT NOT NULL DEFAULT 1
        COMMENT 'how many like events this row stands for',
    PRIMARY KEY (id),
    KEY user_id_time_key (user_id, time),
    KEY address_time_key (address, time),
    KEY event_time_key (event, time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: what happened to whom, for EVENTS_DAYS days';

-- Saving a profile renews its words.
CREATE TABLE profile_words (
    word VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
        COMMENT 'a word of the full name, the email address, or its domain with the @ in front',
    user_id INT NOT NULL
        COMMENT 'users.id',
    PRIMARY KEY (word, user_id),
    KEY user_id_key (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: the words by which people are found in the console';

-- Numbers that take long to count. One worker counts them at a time.
CREATE TABLE counts (
    name VARCHAR(32) NOT NULL
        COMMENT 'what was counted',
    claimed_until BIGINT NOT NULL DEFAULT 0
        COMMENT 'Unix seconds; nobody else counts before this',
    counted BIGINT NOT NULL DEFAULT 0
        COMMENT 'Unix seconds: when the count ended; 0: not yet',
    result MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'JSON',
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_bin
    COMMENT = 'Gatepass: the last result of counts that take long';
