-- What every new connection of the service is told.

-- name: configure
-- key: none
-- The limits in seconds (MariaDB) and milliseconds (MySQL, SELECT only): each server skips the other's comment.
-- A mode of our own, so that a value that does not fit is an error and never silently cut; and an isolation of our own,
-- as INSERT .. SELECT would otherwise decide by rows as they were before it waited for a lock.
SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    SESSION innodb_lock_wait_timeout = %(seconds)s
    /*M!100100 , SESSION max_statement_time = %(seconds)s, SESSION tx_isolation = 'REPEATABLE-READ' */
    /*!50720 , SESSION max_execution_time = %(milliseconds)s, SESSION transaction_isolation = 'REPEATABLE-READ' */;
