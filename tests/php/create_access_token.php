<?php
// The second program that the media server's documentation prints, for a stream's token, with only the host, the token and the length filled in.

$data = array(
    'jsonrpc' => '2.0',
    'method' => 'Auth.CreateApiToken',
    'params' => array(
        'stream' => 'uid',
        'ttl' => 3600
    ),
    'id' => 1
);

$context = stream_context_create(array(
    'ssl' => ['verify_peer' => false],
    'http' => array(
        'method' => 'POST',
        'header' => "Content-Type: application/json\r\n" .
            "Accept: application/json\r\n" .
            "Authorization: Bearer " . getenv('API_TOKEN') . "\r\n" .
            "Content-Length: " . getenv('LENGTH'),
        'content' => json_encode($data)
    )
));

$result = file_get_contents(getenv('URL'), false, $context);
echo $result;
