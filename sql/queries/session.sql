-- What is set on every new connection, of the service, a command or a migration. The server's init_connect and defaults
-- must not decide whether a row is stored.

-- name: rollback
-- key: none
-- Ends a transaction that init_connect has begun.
ROLLBACK AND NO CHAIN NO RELEASE;

-- name: configure
-- key: none
-- MariaDB limits a statement in seconds, MySQL a SELECT in milliseconds: each server skips the other's comment.
-- lock_wait_timeout: an ALTER that waits for a table makes all later statements wait, so that wait has a limit too.
-- sql_mode: a value that does not fit is an error, never cut silently. A zero date that PHP wrote may stay.
-- isolation: under another, INSERT .. SELECT could decide by rows as they were before it waited for a lock.
-- time_zone: the server's, which PHP's NOW() uses.
SET NAMES utf8mb4,
    SESSION autocommit = 1,
    SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    SESSION time_zone = @@GLOBAL.time_zone,
    SESSION sql_select_limit = 18446744073709551615,
    SESSION group_concat_max_len = 1000000,
    SESSION sql_safe_updates = 0,
    SESSION sql_auto_is_null = 0,
    SESSION sql_big_selects = 1,
    SESSION unique_checks = 1,
    SESSION foreign_key_checks = 1,
    SESSION lock_wait_timeout = %(lock_seconds)s,
    SESSION innodb_lock_wait_timeout = %(lock_seconds)s
    /*M!100100 , SESSION max_statement_time = %(seconds)s, SESSION tx_isolation = 'REPEATABLE-READ',
    SESSION tx_read_only = 0, SESSION check_constraint_checks = 1 */
    /*!50720 , SESSION max_execution_time = %(milliseconds)s, SESSION transaction_isolation = 'REPEATABLE-READ',
    SESSION transaction_read_only = 0 */
    /*!80000 , SESSION information_schema_stats_expiry = 0 */;

-- name: differences
-- key: none
-- The values of the session that differ from what was set, as text. Empty if none does.
SELECT CONCAT_WS(', ',
    IF(@@autocommit = 1, NULL, 'autocommit = 0'),
    IF(@@sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', NULL,
        CONCAT('sql_mode = ', @@sql_mode)),
    IF(@@time_zone = @@GLOBAL.time_zone, NULL, CONCAT('time_zone = ', @@time_zone)),
    IF(@@sql_select_limit > 1000000000, NULL, CONCAT('sql_select_limit = ', @@sql_select_limit)),
    IF(@@group_concat_max_len >= 1000000, NULL, CONCAT('group_concat_max_len = ', @@group_concat_max_len)),
    IF(@@character_set_client = 'utf8mb4', NULL, CONCAT('character_set_client = ', @@character_set_client)),
    IF(@@character_set_connection = 'utf8mb4', NULL, CONCAT('character_set_connection = ', @@character_set_connection)),
    IF(@@character_set_results = 'utf8mb4', NULL,
        CONCAT('character_set_results = ', COALESCE(@@character_set_results, 'NULL'))),
    IF(DATABASE() = %(database)s, NULL, CONCAT('database = ', COALESCE(DATABASE(), 'NULL')))
    /*M!100100 , IF(@@tx_isolation = 'REPEATABLE-READ', NULL, CONCAT('tx_isolation = ', @@tx_isolation)),
    IF(@@tx_read_only = 0, NULL, 'tx_read_only = 1') */
    /*!50720 , IF(@@transaction_isolation = 'REPEATABLE-READ', NULL,
        CONCAT('transaction_isolation = ', @@transaction_isolation)),
    IF(@@transaction_read_only = 0, NULL, 'transaction_read_only = 1') */);
