<?php
// For `php -S`: what $_POST and $_GET hold of the fields that Gatepass reads.

function seen(array $fields): array
{
    $out = [];
    foreach (['username', 'password', 'device-info', 'debug'] as $name) {
        if (isset($fields[$name])) {
            $out[$name] = is_array($fields[$name]) ? 'array' : bin2hex($fields[$name]);
        }
    }
    return $out;
}

header('Content-Type: application/json');
echo json_encode(['post' => (object) seen($_POST), 'get' => (object) seen($_GET)]);
