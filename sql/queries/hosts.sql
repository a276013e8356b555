-- Asks a database server whether it can be used: when Gatepass connects, and again and again while it uses the server.

-- name: kind
-- key: none
-- Each variable is there only where the server knows it: what kind of server it is.
SHOW SESSION VARIABLES WHERE Variable_name IN ('wsrep_on', 'group_replication_group_name');

-- name: read_only
-- key: none
SELECT @@GLOBAL.read_only;

-- name: galera
-- key: none
-- A node is ready (`ON`) while it is in a cluster that has a quorum. In the state 2 it gives its rows to another node.
SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_local_state');

-- name: group
-- key: none
-- The state of this member of Group Replication, and 1 if most members can be reached. The account needs
-- SELECT on performance_schema.replication_group_members (sql/grants.sql).
SELECT COALESCE(MAX(IF(m.member_id = @@server_uuid, m.member_state, NULL)), 'OFFLINE'),
    SUM(m.member_state IN ('ONLINE', 'RECOVERING')) * 2 > COUNT(*)
FROM performance_schema.replication_group_members m;

-- name: migrated
-- key: none
-- Names the columns and the tables that migrations have added; it returns no row. A server that lacks any of them
-- answers with an error.
SELECT t.kind, t.name, t.claims, t.remote_ip, t.user_agent, t.parent_id, t.last_ip, t.login_network, u.is_admin,
    u.rehash_cost, l.scope, s.hour, p.time_zone, e.event, w.word, c.name
FROM auth_tokens t, users u, login_throttle l, login_stats s, profiles p, events e, profile_words w, counts c
LIMIT 0;

-- name: causal_galera
-- key: none
-- Every SELECT, UPDATE, DELETE and INSERT of this session first waits until the node has applied what other nodes had
-- committed before.
SET SESSION wsrep_sync_wait = 7;

-- name: causal_group
-- key: none
-- The same for a member of Group Replication.
SET SESSION group_replication_consistency = 'BEFORE';
