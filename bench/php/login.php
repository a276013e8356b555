<?php
// The opponent: the login as a PHP page does it, kept as light as such a page can be. For bench/apache.py.
// SELECT by name, password_verify, a random token, INSERT of its sha1, pretty-printed JSON.

header('Content-Type: application/json');

function answer(array $what): never
{
    exit(json_encode($what, JSON_PRETTY_PRINT));
}

function refuse(string $message, string $code): never
{
    $error = ['message' => $message, 'type' => 'OAuthException', 'code' => $code];
    answer(['success' => false, 'errors' => $error]);
}

if (!isset($_POST['username'], $_POST['password'])) {
    refuse('A username and a password are required.', '1157');
}

// A connection each time and escaped strings: the lightest way with the database.
$db = new mysqli('localhost', $_SERVER['DB_USER'], $_SERVER['DB_PASSWORD'], $_SERVER['DB_NAME'], 0, $_SERVER['DB_SOCKET']);

function run(mysqli $db, string $sql, array $values): mysqli_result|bool
{
    $parts = explode('?', $sql);
    $text = array_shift($parts);
    foreach ($parts as $at => $part) {
        $text .= "'" . $db->real_escape_string($values[$at]) . "'" . $part;
    }
    return $db->query($text);
}

$user = run($db, 'SELECT id, password FROM users WHERE username = ?', [$_POST['username']])->fetch_assoc();
if (!$user || !password_verify($_POST['password'], $user['password'])) {
    refuse('The username or the password is wrong.', '1142');
}

$token = bin2hex(random_bytes(20));
$now = time();
$expiry = $now + 2592000;
$columns = 'auth_key, user_id, creation_time, expiry, last_access, device_info';
$row = [sha1($token), $user['id'], $now, $expiry, $now, $_POST['device-info'] ?? 'Unknown'];
run($db, "INSERT INTO auth_tokens ($columns) VALUES (?, ?, ?, ?, ?, ?)", $row);

answer(['success' => true, 'data' => ['access_token' => $token, 'expiry' => $expiry]]);
