-- Shows how large the tables are and which of their indexes are used. It reads only the server's own counts, no rows:
-- it costs almost nothing, and the numbers of rows are estimates. It changes nothing.
--
--     mariadb NAME -t < sql/ops/sizes_and_index_use.sql
--
-- The use of the indexes is shown by the first of these that the server has. It counts from when it was switched on:
--   userstat            MariaDB: SET GLOBAL userstat = ON; wait for a day's traffic; run this; set it OFF again.
--                       An index that was not used since then has no line.
--   performance_schema  On by default in MySQL. MariaDB needs performance_schema=ON in the server's file.
--   neither             No use is counted. Instead the indexes are listed with their numbers of different values, from
--                       the server's statistics.
-- An index that is never read may still be needed: a unique key also prevents duplicate rows.
--
-- Example of the output:
--
--     table_name   rows_about  data_mb  index_mb  bytes_a_row
--     auth_tokens      988146    177.7     126.9          323
--     counted_by  table_name   index_name       rows_read
--     userstat    auth_tokens  auth_key_unique      51230

SELECT table_name AS table_name, table_rows AS rows_about, ROUND(data_length / 1048576, 1) AS data_mb,
    ROUND(index_length / 1048576, 1) AS index_mb,
    ROUND((data_length + index_length) / NULLIF(table_rows, 0)) AS bytes_a_row
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
ORDER BY data_length + index_length DESC
LIMIT 100;

-- To MySQL the /*M! part is a comment.
SET @userstat = 0 /*M!100100 + @@GLOBAL.userstat */;
SET @index_use = CASE
    WHEN @userstat THEN
        "SELECT 'userstat' AS counted_by, table_name, index_name, rows_read
        FROM information_schema.index_statistics WHERE table_schema = DATABASE()
        ORDER BY table_name, rows_read DESC LIMIT 200"
    WHEN @@GLOBAL.performance_schema THEN
        "SELECT 'performance_schema' AS counted_by, object_name AS table_name, index_name, count_read AS rows_read
        FROM performance_schema.table_io_waits_summary_by_index_usage
        WHERE object_schema = DATABASE() AND index_name IS NOT NULL
        ORDER BY object_name, count_read DESC LIMIT 200"
    ELSE
        "SELECT 'nothing' AS counted_by, table_name AS table_name, index_name AS index_name,
            GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns, MAX(cardinality) AS different_values_about
        FROM information_schema.statistics WHERE table_schema = DATABASE()
        GROUP BY table_name, index_name ORDER BY table_name, index_name LIMIT 200"
    END;
PREPARE index_use FROM @index_use;
EXECUTE index_use;
DEALLOCATE PREPARE index_use;
