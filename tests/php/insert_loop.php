<?php
// A busy page: a user, a token and a look-up of it in a loop, each committed by itself, until the file STOP is there.
// Touches the file STARTED after the first round. Prints the ids, and every error.

require __DIR__ . '/connect.php';

$database = connect();
$out = ['users' => [], 'tokens' => [], 'errors' => []];
for ($round = 0; !file_exists(getenv('STOP')); $round++) {
    try {
        $name = "loop$round";
        $database->query("INSERT INTO users (username, password, creation_time, remote_ip, access_level)
            VALUES ('$name', 'x', NOW(), '10.0.0.1', 1)");
        $out['users'][] = $user_id = $database->insert_id;
        $auth_key = sha1(sprintf("%040x", $round));
        $database->query("INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)
            VALUES ('$auth_key', $user_id, 1, 2000000000, 1, 'loop')");
        $out['tokens'][] = $database->insert_id;
        $row = $database->query("SELECT user_id FROM auth_tokens WHERE auth_key = '$auth_key'")->fetch_row();
        if ((int) $row[0] !== $user_id) {
            $out['errors'][] = "round $round: the token is of user $row[0]";
        }
    } catch (mysqli_sql_exception $error) {
        $out['errors'][] = $error->getMessage();
    }
    if ($round === 0) {
        touch(getenv('STARTED'));
    }
    usleep(2000);
    clearstatcache();
}
answer($out);
