<?php
// What password_verify says of a hash that never was in a database.

require __DIR__ . '/connect.php';

answer([
    'verified' => password_verify(argument('PASSWORD'), argument('HASH')),
    'needs_rehash' => password_needs_rehash(argument('HASH'), PASSWORD_BCRYPT, ['cost' => (int) getenv('COST')]),
]);
