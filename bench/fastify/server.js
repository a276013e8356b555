'use strict';
// The opponent of /v1/verify/ that a user would write today: Fastify and mysql2, a process a core. For bench/check.py.
// The sha1 and one prepared SELECT, that of `auth_tokens.check` in sql/queries/auth_tokens.sql; nothing is written.

const cluster = require('node:cluster');
const { hash, createHash } = require('node:crypto');

const PROCESSES = 2;
const SQL = `SELECT t.user_id, t.kind, t.expiry, u.username, u.access_level
  FROM auth_tokens t LEFT JOIN users u ON u.id = t.user_id
  WHERE t.auth_key = ? AND (LEFT(u.password, 1) <> '!' OR (t.user_id = 0 AND t.kind IN ('api', 'stream')))`;
const sha1 = hash ? (text) => hash('sha1', text) : (text) => createHash('sha1').update(text).digest('hex');
const TOKEN = /^(?:Token|Bearer) ([0-9a-f]{40})$/i;

async function find(pool, authorization) {
  const token = TOKEN.exec(authorization ?? '');
  if (!token) {
    return undefined;
  }
  const [rows] = await pool.execute(SQL, [sha1(token[1])]);
  return rows.find((row) => row.kind === 'mobile' && row.expiry > Date.now() / 1000);
}

function serve() {
  const pool = require('mysql2/promise').createPool({
    socketPath: process.env.DB_SOCKET,
    user: process.env.DB_USER,
    password: process.env.DB_PASSWORD,
    database: process.env.DB_NAME,
    connectionLimit: Number(process.env.DB_POOL),
  });
  const app = require('fastify')({ logger: false });
  app.get('/check', async (request, reply) => {
    const row = await find(pool, request.headers.authorization);
    reply.header('Cache-Control', 'no-store');
    if (!row) {
      return reply.code(401).header('WWW-Authenticate', 'Bearer').send();
    }
    reply.header('X-Auth-User-Id', row.user_id);
    reply.header('X-Auth-Username', encodeURIComponent(row.username));
    reply.header('X-Auth-Access-Level', row.access_level);
    reply.header('X-Auth-Token-Kind', row.kind);
    reply.header('X-Auth-Expires', row.expiry);
    return reply.send();
  });
  app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

if (cluster.isPrimary) {
  for (let number = 0; number < PROCESSES; number += 1) {
    cluster.fork();
  }
} else {
  serve();
}
