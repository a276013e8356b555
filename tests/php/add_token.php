<?php
// The old page's last step: the token's row, only the old columns named.

require __DIR__ . '/connect.php';

$database = connect();
$add = $database->prepare(
    'INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)
    VALUES (?, ?, ?, ?, ?, ?)'
);
$auth_key = sha1(argument('TOKEN'));
$user_id = (int) getenv('USER_ID');
$expiry = (int) getenv('EXPIRY');
$now = $expiry - 2592000;
$device_info = argument('DEVICE_INFO');
$add->bind_param('siiiis', $auth_key, $user_id, $now, $expiry, $now, $device_info);
$add->execute();
answer(['id' => $database->insert_id]);
