-- Makes an EVENT: the server itself then deletes the rows that `gatepass session purge` deletes. Use this or a timer
-- that runs the command; both together do no harm. Purging only keeps the tables small: an expired token opens nothing,
-- whether its row exists or not.
--
--     mariadb NAME < sql/ops/purge_event.sql
--
-- makes the event, or replaces it. It runs at once and then every hour, while the server's event scheduler is on. The
-- account that runs this needs the EVENT right on the database, and SELECT and DELETE on the four tables. It must
-- not be dropped: the event runs as this account. (`DELIMITER` is a command of the mariadb client. It is needed
-- because the statement contains semicolons.)
--
-- On:     SET GLOBAL event_scheduler = ON;               -- and event_scheduler=ON in the server's file, for restarts
-- Off:    ALTER EVENT gatepass_purge DISABLE;            -- ENABLE: on again
-- Away:   DROP EVENT gatepass_purge;
-- Grace:  change the 0 below, say to 7 * 86400, to keep expired sessions for a week.
-- Events: change the 90 below if EVENTS_DAYS is another number.
-- See it: SELECT status, last_executed FROM information_schema.events WHERE event_name = 'gatepass_purge';
--
-- One run deletes at most 500 batches of 1,000 rows of each table. It pauses after each batch, so that no login waits
-- for long. The next run deletes the rest. While a run is busy, the next one does nothing. On a replica the event
-- exists but does not run. On a Galera cluster turn the scheduler on at one node only.

DELIMITER //

DROP EVENT IF EXISTS gatepass_purge //

CREATE EVENT gatepass_purge
ON SCHEDULE EVERY 1 HOUR STARTS CURRENT_TIMESTAMP
ON COMPLETION PRESERVE
COMMENT 'Gatepass: deletes expired sessions, throttle rows, login counts of over two years and events of over 90 days'
DO
BEGIN
    DECLARE grace INT DEFAULT 0;
    DECLARE days INT DEFAULT 90;
    DECLARE batches INT DEFAULT 0;
    DECLARE busy INT DEFAULT 1;
    DECLARE most INT DEFAULT 1000;
    DECLARE kept INT DEFAULT 0;
    SET SESSION max_error_count = 65535;    -- so that every row that is kept is counted
    IF GET_LOCK(LEFT(CONCAT('gatepass.purge.', DATABASE()), 64), 0) = 1 THEN
        WHILE busy > 0 AND batches < 500 DO
            -- IGNORE: if a foreign key that Gatepass did not make keeps a row, the others are deleted all the same.
            DELETE /* event.gatepass_purge */ IGNORE FROM auth_tokens
            -- A refresh token with expiry 0 is being revoked: its children are found by its row, so the row stays.
            WHERE expiry <= UNIX_TIMESTAMP() - grace AND (expiry <> 0 OR kind <> 'jwt_refresh')
            ORDER BY expiry
            LIMIT most;
            GET DIAGNOSTICS busy = ROW_COUNT, kept = NUMBER;
            -- For MySQL a row that is kept counts towards the LIMIT: the next batch goes past those.
            IF kept > 0 AND busy + kept = most THEN
                SET most = 1000 + kept, busy = busy + 1;
            END IF;
            DELETE /* event.gatepass_purge */ FROM login_throttle
            WHERE expiry <= UNIX_TIMESTAMP()
            ORDER BY expiry
            LIMIT 1000;
            SET busy = busy + ROW_COUNT();
            DELETE /* event.gatepass_purge */ FROM login_stats
            WHERE hour < UTC_TIMESTAMP() - INTERVAL 732 DAY
            ORDER BY hour
            LIMIT 1000;
            SET busy = busy + ROW_COUNT();
            DELETE /* event.gatepass_purge */ FROM events
            WHERE event IN ('login.ok', 'login.failed', 'login.throttled', 'token.issued', 'token.created',
                'token.renamed', 'token.revoked', 'user.added', 'user.password_set', 'user.disabled', 'user.enabled',
                'user.admin_made', 'user.admin_removed', 'profile.saved', 'throttle.cleared')
                AND time < UNIX_TIMESTAMP() - days * 86400
            ORDER BY event, time
            LIMIT 1000;
            SET busy = busy + ROW_COUNT();
            SET batches = batches + 1;
            DO SLEEP(0.1);
        END WHILE;
        DO RELEASE_LOCK(LEFT(CONCAT('gatepass.purge.', DATABASE()), 64));
    END IF;
END //

DELIMITER ;
