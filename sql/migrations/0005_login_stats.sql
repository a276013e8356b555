-- login_stats: counts of logins by hour, door and outcome.

-- refuse: a table login_stats that is not ours; rename it
SELECT table_name
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'login_stats' AND table_comment NOT LIKE 'Gatepass:%';

-- create: login_stats
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
