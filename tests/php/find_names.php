<?php
// Which user each of these names is (a JSON list of hex in NAMES) to a page on a connection of CHARSET: asked once with
// a prepared and once with an escaped statement. An SQL error ("illegal mix of collations", and for MySQL "conversion
// impossible") finds nobody.

require __DIR__ . '/connect.php';

function found(callable $ask): ?int
{
    try {
        $rows = $ask()->fetch_all(MYSQLI_ASSOC);
    } catch (mysqli_sql_exception $error) {
        if (in_array($error->getCode(), [1267, 3854, 3988], true)) {
            return null;
        }
        throw $error;
    }
    return $rows ? (int) $rows[0]['id'] : null;
}

$database = connect();
$out = [];
foreach (json_decode(getenv('NAMES')) as $name) {
    $name = hex2bin($name);
    $prepared = function () use ($database, $name) {
        $find = $database->prepare('SELECT id FROM users WHERE username = ?');
        $find->bind_param('s', $name);
        $find->execute();
        return $find->get_result();
    };
    $escaped = function () use ($database, $name) {
        return $database->query("SELECT id FROM users WHERE username = '" . $database->real_escape_string($name) . "'");
    };
    $out[] = ['prepared' => found($prepared), 'escaped' => found($escaped)];
}
answer($out);
