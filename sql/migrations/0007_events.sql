-- events: the activity log. Each worker adds rows from time to time; a purge deletes those of over EVENTS_DAYS days.

-- refuse: a table events that is not ours; rename it
SELECT table_name
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = 'events' AND table_comment NOT LIKE 'Gatepass:%';

-- create: events
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
