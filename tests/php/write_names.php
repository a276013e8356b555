<?php
// Users of these names (a JSON list of hex in NAMES), as a page registers them on a connection of CHARSET: none where
// there is one of that name. Prints their ids.

require __DIR__ . '/connect.php';

$database = connect();
$out = [];
foreach (json_decode(getenv('NAMES')) as $name) {
    $name = $database->real_escape_string(hex2bin($name));
    if ($database->query("SELECT id FROM users WHERE username = '$name'")->num_rows) {
        continue;
    }
    $database->query(
        "INSERT INTO users (username, password, creation_time, remote_ip, access_level)
        VALUES ('$name', 'x', NOW(), '10.0.0.1', 1)"
    );
    $out[] = $database->insert_id;
}
answer($out);
