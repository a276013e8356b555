-- counts: numbers that take long to count, such as the live sessions of each kind. One worker counts them at a time.

-- refuse: a table counts that is not ours; rename it
SELECT table_name
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'counts' AND table_comment NOT LIKE 'Gatepass:%';

-- create: counts
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
