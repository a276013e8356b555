<?php
// What every script here starts with: one mysqli connection, as a PHP page beside Gatepass opens it.
// CHARSET is what the page passes to set_charset; latin1 is what old pages had without asking.

function connect(): mysqli
{
    $user = getenv('DB_USER') ?: 'gatepass';
    $database = new mysqli('localhost', $user, getenv('DB_PASSWORD'), getenv('DB_NAME'), 0, getenv('DB_SOCKET'));
    $database->set_charset(getenv('CHARSET') ?: 'latin1');
    return $database;
}

/** A value that came in as hex, so that every byte survives the environment. */
function argument(string $name): string
{
    return hex2bin(getenv($name));
}

function answer(mixed $value): void
{
    echo json_encode($value, JSON_THROW_ON_ERROR);
}
