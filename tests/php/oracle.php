<?php
// Answers questions about bytes until its input ends. A question is a letter, a length and the bytes; see each below.

function answer(string $question, string $data): string
{
    switch ($question) {
        case 'q':  // the variables of a query: each name and its value in hex, or "array"
            parse_str($data, $found);
            $lines = [];
            foreach ($found as $name => $value) {
                $lines[] = bin2hex((string) $name) . '=' . (is_array($value) ? 'array' : bin2hex($value));
            }
            return implode("\n", $lines);
        case 'n':  // is it equal to "1"?
            return $data == "1" ? '1' : '0';
        case 'j':  // the JSON as json_encode writes it; nothing for what is no JSON
            $value = json_decode($data, false, 512);
            return json_last_error() ? '' : (string) json_encode($value, JSON_PRETTY_PRINT);
        case 'd':  // is it JSON? The number of the error
            json_decode($data, true, 2000000);
            return (string) json_last_error();
        case 'p':  // password_verify: the password's length, the password, the hash
            $length = ord($data[0]);
            return password_verify(substr($data, 1, $length), substr($data, 1 + $length)) ? '1' : '0';
    }
    return '';
}

while (($question = fread(STDIN, 1)) !== false && $question !== '') {
    $length = unpack('V', fread(STDIN, 4))[1];
    $data = '';
    while (strlen($data) < $length) {
        $data .= fread(STDIN, $length - strlen($data));
    }
    $text = answer($question, $data);
    fwrite(STDOUT, pack('V', strlen($text)) . $text);
}
