-- Creates the two tables as the PHP side does, if they are missing. On an adopted database this step does nothing.
-- Only a new table has usernames in utf8mb4. To change the collation of an old one would change which names are equal.

-- create: users
CREATE TABLE users (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY
        COMMENT 'what user_id means elsewhere',
    username VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL
        COMMENT 'what is typed at a login; the collation says which names are one',
    password VARCHAR(128) NOT NULL,
    creation_time DATETIME NOT NULL
        COMMENT 'registration, in the local time of whoever wrote it',
    remote_ip VARCHAR(45) NOT NULL
        COMMENT 'the address at registration; empty for a user that an operator added',
    access_level INT NOT NULL DEFAULT 1
        COMMENT 'PHP''s; reported, never trusted'
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- create: auth_tokens
CREATE TABLE auth_tokens (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY
        COMMENT 'the session, as lists and logs name it',
    auth_key VARCHAR(41) NOT NULL,
    user_id INT NOT NULL
        COMMENT 'users.id; 0 for an API or stream token of no user; no foreign key, as old tokens may be of users who are gone',
    creation_time INT NOT NULL,
    expiry INT NOT NULL,
    last_access INT NOT NULL,
    device_info VARCHAR(200) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;
