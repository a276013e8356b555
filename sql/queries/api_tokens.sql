-- API tokens of all owners, for administrators: those of the kinds `api` and `personal`. Times are Unix seconds.
--
-- There is no key on last_access, and each page is sorted. So a statement looks only at the `most` live API tokens that
-- expire last, or first.

-- part: API_TOKENS_THAT_EXPIRE_LAST
(
    SELECT id
    FROM (
        (SELECT id, expiry FROM auth_tokens WHERE kind = 'api' AND expiry > %(after)s
            ORDER BY expiry DESC LIMIT %(most)s)
        UNION ALL
        (SELECT id, expiry FROM auth_tokens WHERE kind = 'personal' AND expiry > %(after)s
            ORDER BY expiry DESC LIMIT %(most)s)
    ) AS of_both_kinds
    ORDER BY expiry DESC
    LIMIT %(most)s
) AS live

-- part: API_TOKENS_THAT_EXPIRE_SOON
(
    (SELECT id, expiry FROM auth_tokens WHERE kind = 'api' AND expiry > %(now)s AND expiry <= %(until)s
        ORDER BY expiry LIMIT %(most)s)
    UNION ALL
    (SELECT id, expiry FROM auth_tokens WHERE kind = 'personal' AND expiry > %(now)s AND expiry <= %(until)s
        ORDER BY expiry LIMIT %(most)s)
) AS live

-- part: SELECT_TOKENS_AND_OWNERS
SELECT t.id, t.user_id, t.kind, t.name, t.device_info, t.remote_ip, t.creation_time, t.last_access, t.expiry,
    COALESCE(t.claims, ''), t.last_ip, u.id IS NOT NULL, COALESCE(NAME_BYTES(u.username), '')

-- name: count
-- key: kind_expiry_key, kind_expiry_key
SELECT COUNT(*) FROM API_TOKENS_THAT_EXPIRE_LAST LIMIT 1;

-- name: page_newest
-- key: PRIMARY, PRIMARY, kind_expiry_key, kind_expiry_key
SELECT_TOKENS_AND_OWNERS
FROM (
    SELECT id FROM API_TOKENS_THAT_EXPIRE_LAST ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s
) AS page
STRAIGHT_JOIN auth_tokens t ON t.id = page.id
LEFT JOIN users u ON u.id = t.user_id
ORDER BY t.id DESC
LIMIT %(limit)s;

-- name: count_unused
-- key: PRIMARY, kind_expiry_key, kind_expiry_key
-- Tokens that were made before this time and not used since.
SELECT COUNT(*)
FROM API_TOKENS_THAT_EXPIRE_LAST
STRAIGHT_JOIN auth_tokens t ON t.id = live.id
WHERE t.creation_time < %(before)s AND t.last_access < %(before)s
LIMIT 1;

-- name: page_unused
-- key: PRIMARY, PRIMARY, PRIMARY, kind_expiry_key, kind_expiry_key
SELECT_TOKENS_AND_OWNERS
FROM (
    SELECT unused.id
    FROM API_TOKENS_THAT_EXPIRE_LAST
    STRAIGHT_JOIN auth_tokens unused ON unused.id = live.id
    WHERE unused.creation_time < %(before)s AND unused.last_access < %(before)s
    ORDER BY unused.last_access, unused.id
    LIMIT %(limit)s OFFSET %(offset)s
) AS page
STRAIGHT_JOIN auth_tokens t ON t.id = page.id
LEFT JOIN users u ON u.id = t.user_id
ORDER BY t.last_access, t.id
LIMIT %(limit)s;

-- name: count_expiring
-- key: kind_expiry_key, kind_expiry_key
SELECT COUNT(*) FROM API_TOKENS_THAT_EXPIRE_SOON LIMIT 1;

-- name: page_expiring
-- key: PRIMARY, PRIMARY, kind_expiry_key, kind_expiry_key
SELECT_TOKENS_AND_OWNERS
FROM (
    SELECT id FROM API_TOKENS_THAT_EXPIRE_SOON ORDER BY expiry, id LIMIT %(limit)s OFFSET %(offset)s
) AS page
STRAIGHT_JOIN auth_tokens t ON t.id = page.id
LEFT JOIN users u ON u.id = t.user_id
ORDER BY t.expiry, t.id
LIMIT %(limit)s;

-- name: find
-- key: PRIMARY, PRIMARY
-- Of any kind, expired ones too.
SELECT_TOKENS_AND_OWNERS
FROM auth_tokens t
LEFT JOIN users u ON u.id = t.user_id
WHERE t.id IN %(ids)s
ORDER BY t.id
LIMIT %(limit)s;
