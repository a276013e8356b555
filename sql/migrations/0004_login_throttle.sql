-- login_throttle: the counters of failed logins, shared by all workers and nodes. A row past its expiry means nothing.
-- In older tables the COMMENT of name_digest speaks of "the bytes sent". No step changes it: it is not worth an ALTER.
-- sql/schema.sql says what the digest is made of.

-- refuse: a table login_throttle that is not ours; rename it
SELECT table_name
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'login_throttle' AND table_comment NOT LIKE 'Gatepass:%';

-- create: login_throttle
CREATE TABLE login_throttle (
    scope VARCHAR(16) NOT NULL
        COMMENT 'what is counted: pair (account and address), address, account, everyone',
    user_id INT NOT NULL DEFAULT 0
        COMMENT 'users.id; 0 where the name is nobody''s or no account is meant',
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

-- alter: login_throttle
ALTER TABLE login_throttle;

-- when
SELECT 1 FROM information_schema.tables t
WHERE t.table_schema = DATABASE() AND t.table_name = 'login_throttle' AND NOT EXISTS (
    SELECT 1 FROM information_schema.statistics s
    WHERE s.table_schema = DATABASE() AND s.table_name = 'login_throttle' AND s.column_name = 'address'
        AND s.seq_in_index = 1 AND s.sub_part IS NULL);
-- clause
ADD KEY address_key (address);
