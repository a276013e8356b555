<?php
// Which of the texts in TEXTS (hex, with commas between) PHP takes as equal to "1": a 1 or a 0 for each.

foreach (explode(',', getenv('TEXTS')) as $text) {
    echo hex2bin($text) == "1" ? '1' : '0';
}
