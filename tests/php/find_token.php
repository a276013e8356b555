<?php
// The old page's check of a token: look up sha1(token), compare the expiry. Prints the row, or null.

require __DIR__ . '/connect.php';

$database = connect();
$find = $database->prepare(
    'SELECT id, user_id, creation_time, expiry, last_access, device_info FROM auth_tokens
    WHERE auth_key = ? AND expiry > ?'
);
$auth_key = sha1(argument('TOKEN'));
$now = (int) getenv('NOW');
$find->bind_param('si', $auth_key, $now);
$find->execute();
$row = $find->get_result()->fetch_assoc();
if ($row !== null) {
    $row['device_info'] = bin2hex($row['device_info']);
}
answer($row);
