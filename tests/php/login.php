<?php
// The old page's own login: the row of this username, then password_verify. COST is what the page would write today.

require __DIR__ . '/connect.php';

$database = connect();
$find = $database->prepare('SELECT id, password FROM users WHERE username = ?');
$username = argument('USERNAME');
$find->bind_param('s', $username);
$find->execute();
$row = $find->get_result()->fetch_assoc();
answer([
    'id' => $row['id'] ?? null,
    'verified' => $row !== null && password_verify(argument('PASSWORD'), $row['password']),
    'needs_rehash' => $row !== null
        && password_needs_rehash($row['password'], PASSWORD_BCRYPT, ['cost' => (int) getenv('COST')]),
]);
