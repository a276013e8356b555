-- A database as the PHP side left it before Gatepass: what its dump looks like, with made-up people.
-- Names and devices are the bytes that a page on a latin1 connection wrote; where they are not UTF-8 they stand as hex.

SET NAMES latin1, sql_mode = 'NO_AUTO_VALUE_ON_ZERO';

CREATE TABLE users (
    id INT NOT NULL AUTO_INCREMENT,
    username VARCHAR(30) NOT NULL,
    password VARCHAR(128) NOT NULL,
    creation_time DATETIME NOT NULL,
    remote_ip VARCHAR(45) NOT NULL,
    access_level INT NOT NULL DEFAULT 1,
    PRIMARY KEY (id)
) ENGINE = InnoDB AUTO_INCREMENT = 100 DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- Passwords in order: "password", "correct horse", "Glück", "argon", "oldcrypt", an MD5, "older"; then stored values
-- that never verified: nothing at all, a word, and one that somebody disabled by hand.
INSERT INTO users (id, username, password, creation_time, remote_ip, access_level) VALUES
    (1, 'Admin', '$2y$04$CmaSFaeUzyfNCL4czC1qfuXE2agsvV8eiwa5g2ZgVqZFIq4i/1vdu', '2015-03-01 12:00:00', '10.0.0.1', 9),
    (2, 'jürgen', '$2y$10$GJnVlhbyPqlxjG.gJV7MFerYok8aOkvoTstnIyfN5QNMmAuRMtm/u',
        '2016-02-29 23:59:59', '2001:db8::1', 1),
    (3, X'6DFC6C6C6572', '$2y$04$t3VD3zvEfWeWKCNb4/w2p.9PiMFbsXk.02nZsMOvh57b5x/nhh32.',
        '2017-01-01 00:00:00', '10.0.0.2', 1),
    (5, 'straße', '$argon2id$v=19$m=1024,t=2,p=1$OGI3Z2NxWDY1bVNHVW40YQ$vpqwj2UaG/oy96I67COf0tzwL2nut0VW8G0HPh9l5vA',
        '2018-01-01 00:00:00', '', 1),
    (8, 'strasse', '$1$abcdefgh$Ji1SeaePpQnEIq6qA.kGe1', '2009-01-01 00:00:00', '10.0.0.3', 0),
    (13, 'o''brien"; -- ', '5f4dcc3b5aa765d61d8327deb882cf99', '2008-01-01 00:00:00', '10.0.0.4', -1),
    (21, 'abcdefghijklmnopqrstuvwxyz1234', '$2a$04$abcdefghijklmnopqrstuu/xYojsPlQFI0Mmc7Kuy2fvogpJDyM5.',
        '2010-01-01 00:00:00', '10.0.0.5', 2147483647),
    (34, '', '', '1970-01-01 00:00:00', '', 1),
    (55, X'00', 'deleted', '0000-00-00 00:00:00', '10.0.0.6', 1),
    (89, 'away', '!$2y$04$CmaSFaeUzyfNCL4czC1qfuXE2agsvV8eiwa5g2ZgVqZFIq4i/1vdu', '9999-12-31 23:59:59', '10.0.0.7', 1);

CREATE TABLE auth_tokens (
    id INT NOT NULL AUTO_INCREMENT,
    auth_key VARCHAR(41) NOT NULL,
    user_id INT NOT NULL,
    creation_time INT NOT NULL,
    expiry INT NOT NULL,
    last_access INT NOT NULL,
    device_info VARCHAR(200) NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB AUTO_INCREMENT = 1000 DEFAULT CHARACTER SET = latin1 COLLATE = latin1_swedish_ci;

-- auth_key is sha1 of forty 1s, forty 2s, and so on; "now" in the tests is 1700000000. In order: three live ones, one
-- that ends this very second, one long gone, one whose user is gone, one of a disabled user, and no digest at all.
INSERT INTO auth_tokens (id, auth_key, user_id, creation_time, expiry, last_access, device_info) VALUES
    (1, '0a05a9e69e5757ac71c75a50418622624f042c97', 1, 1699999000, 1702591000, 1699999900, 'iPhone 7, iOS 10.3'),
    (2, '4ef6c88cdec9dbcc9bd8b7fa0fdfe4cc43bfed4f', 1, 1699999001, 1700000001, 1699999001, 'Jürgens Café-Tablet'),
    (4, 'f92882e77231661613e7af948033c8b9ea883267', 2, 1699999002, 2147483647, 1699999002, REPEAT(X'FF', 200)),
    (6, '890ab878aba247aac87dffa2d3d229cc7e886595', 2, 1697408000, 1700000000, 1699990000, ''),
    (10, '9ec311c609b4336461c966cea5b352aea111fd53', 3, 0, 1, -1,
        X'808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0DFFF'),
    (12, '46e8d4ba8f310e0e410e3857dbb4d462bf18332f', 77, 1699999003, 1702591003, 1699999003, 'of a user who is gone'),
    (14, 'c906861c4ae8519b43065b79c681a5c20b4dff1c', 89, 1699999004, 1702591004, 1699999004, X'01090A0D1B7F'),
    (500, '', 1, -2147483648, -2147483648, -2147483648, 'tail ');
