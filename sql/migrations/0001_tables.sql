-- The two tables as the PHP side created them, where there are none. On an adopted database this does nothing.
-- Only a database made here has usernames in utf8mb4: to re-collate an old column would change who equals whom.

-- create: users
CREATE TABLE users (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
    password VARCHAR(128) NOT NULL,
    creation_time DATETIME NOT NULL,
    remote_ip VARCHAR(45) NOT NULL,
    access_level INT NOT NULL DEFAULT 1
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- create: auth_tokens
CREATE TABLE auth_tokens (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    auth_key VARCHAR(41) NOT NULL,
    user_id INT NOT NULL,
    creation_time INT NOT NULL,
    expiry INT NOT NULL,
    last_access INT NOT NULL,
    device_info VARCHAR(200) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;
