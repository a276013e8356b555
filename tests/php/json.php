<?php
// Reads each document (a JSON list of hex in the file FILE) and writes it again as PHP does.

require __DIR__ . '/connect.php';

$out = [];
foreach (json_decode(file_get_contents(getenv('FILE'))) as $document) {
    $value = json_decode(hex2bin($document), false, 512, JSON_THROW_ON_ERROR);
    $out[] = ['value' => $value, 'pretty' => bin2hex(json_encode($value, JSON_PRETTY_PRINT | JSON_THROW_ON_ERROR))];
}
answer($out);
