<?php
// The opponent of /v1/verify/: a token checked the old way, kept as light as such a page can be. For bench/check.py.
// The sha1, one SELECT, one UPDATE of last_access at every check; a connection each time, or a kept one (`?persistent`).

function refuse(): never
{
    http_response_code(401);
    header('WWW-Authenticate: Bearer');
    exit;
}

$words = explode(' ', getallheaders()['Authorization'] ?? '');
if (count($words) !== 2 || strcasecmp($words[0], 'Token') !== 0) {
    refuse();
}

$host = isset($_GET['persistent']) ? 'p:localhost' : 'localhost';
$db = new mysqli($host, $_SERVER['DB_USER'], $_SERVER['DB_PASSWORD'], $_SERVER['DB_NAME'], 0, $_SERVER['DB_SOCKET']);

$key = sha1($words[1]);
$now = time();
$row = $db->query("SELECT id, user_id, expiry FROM auth_tokens WHERE auth_key = '$key' AND expiry > $now")->fetch_assoc();
if (!$row) {
    refuse();
}
$db->query("UPDATE auth_tokens SET last_access = $now WHERE id = {$row['id']}");

header('X-Auth-User-Id: ' . $row['user_id']);
header('X-Auth-Expires: ' . $row['expiry']);
