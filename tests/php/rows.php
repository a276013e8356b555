<?php
// All rows of both tables by the old columns, as a page on a connection of CHARSET reads them (values as hex).

require __DIR__ . '/connect.php';

$database = connect();
$out = [];
foreach ([
    'users' => 'id, username, password, creation_time, remote_ip, access_level',
    'auth_tokens' => 'id, auth_key, user_id, creation_time, expiry, last_access, device_info',
] as $table => $columns) {
    foreach ($database->query("SELECT $columns FROM $table ORDER BY id") as $row) {
        $out[$table][] = array_map(fn ($value) => $value === null ? null : bin2hex((string) $value), $row);
    }
}
answer($out);
