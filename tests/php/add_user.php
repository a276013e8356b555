<?php
// The old page's registration: an INSERT that names only the old columns. ALGORITHM is one of password_algos().

require __DIR__ . '/connect.php';

$options = ['cost' => 5, 'memory_cost' => 1024, 'time_cost' => 2, 'threads' => 1];
$hash = password_hash(argument('PASSWORD'), getenv('ALGORITHM') ?: PASSWORD_DEFAULT, $options);
$username = argument('USERNAME');
$database = connect();
$add = $database->prepare(
    'INSERT INTO users (username, password, creation_time, remote_ip, access_level) VALUES (?, ?, NOW(), ?, 1)'
);
$remote_ip = '10.0.0.1';
$add->bind_param('sss', $username, $hash, $remote_ip);
$add->execute();
answer(['id' => $database->insert_id, 'hash' => $hash]);
