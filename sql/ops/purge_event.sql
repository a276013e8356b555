-- An EVENT that deletes in the server itself what `flask session purge` deletes, for those who would rather not have a
-- timer for that. One of the two is enough; both together do no harm. An expired token opens nothing whether its row is
-- there or not: purging keeps the table small.
--
--     mariadb NAME < sql/ops/purge_event.sql
--
-- makes it, or makes it anew. It runs at once and then hourly, where the scheduler is on.
-- The account needs the EVENT right on the database and SELECT and DELETE on the three tables, and must stay: the event
-- runs as it.
-- (`DELIMITER` is the mariadb client's own word, as the statement has semicolons inside.)
--
-- On:     SET GLOBAL event_scheduler = ON;               -- and event_scheduler=ON in the server's file, for restarts
-- Off:    ALTER EVENT gatepass_purge DISABLE;            -- ENABLE: on again
-- Away:   DROP EVENT gatepass_purge;
-- Grace:  change the 0 below, say to 7 * 86400, to keep expired sessions for a week.
-- See it: SELECT status, last_executed FROM information_schema.events WHERE event_name = 'gatepass_purge';
--
-- One run deletes at most 500 batches of 1,000 rows of each table with a pause after each, so that nobody waits for it
-- for more than a moment; the next run goes on. A run that is still busy makes the next one do nothing. On a replica
-- the event is there but does not run. On a Galera cluster turn the scheduler on at one node only.

DELIMITER //

DROP EVENT IF EXISTS gatepass_purge //

CREATE EVENT gatepass_purge
ON SCHEDULE EVERY 1 HOUR STARTS CURRENT_TIMESTAMP
ON COMPLETION PRESERVE
COMMENT 'Gatepass: deletes expired sessions, throttle rows, and login counts of over two years'
DO
BEGIN
    DECLARE grace INT DEFAULT 0;
    DECLARE batches INT DEFAULT 0;
    DECLARE busy INT DEFAULT 1;
    IF GET_LOCK(LEFT(CONCAT('gatepass.purge.', DATABASE()), 64), 0) = 1 THEN
        WHILE busy > 0 AND batches < 500 DO
            -- IGNORE: a row that a foreign key of somebody else's keeps does not keep the others.
            DELETE /* event.gatepass_purge */ IGNORE FROM auth_tokens
            -- But for refresh tokens whose revocation is under way: what hangs on them is found by them.
            WHERE expiry <= UNIX_TIMESTAMP() - grace AND (expiry <> 0 OR kind <> 'jwt_refresh')
            ORDER BY expiry
            LIMIT 1000;
            SET busy = ROW_COUNT();
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
            SET batches = batches + 1;
            DO SLEEP(0.1);
        END WHILE;
        DO RELEASE_LOCK(LEFT(CONCAT('gatepass.purge.', DATABASE()), 64));
    END IF;
END //

DELIMITER ;
