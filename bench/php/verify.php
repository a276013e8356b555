<?php
// Times password_verify for bench/hashes.py: for every line that comes in, one check, its nanoseconds on the clock and
// its microseconds of processor time. Arguments: the password and the hash.

function processor(): int
{
    $used = getrusage();
    return 1000000 * ($used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']) + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec'];
}

while (fgets(STDIN) !== false) {
    $cpu = processor();
    $started = hrtime(true);
    $ok = password_verify($argv[1], $argv[2]);
    $wall = hrtime(true) - $started;
    echo $ok ? $wall : 'wrong', ' ', processor() - $cpu, "\n";
}
