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

const CLOSED = { 'Cache-Control': 'no-store', 'WWW-Authenticate': 'Bearer' };

function opened(row) {
  return {
    'Cache-Control': 'no-store',
    'X-Auth-User-Id': row.user_id,
    'X-Auth-Username': encodeURIComponent(row.username),
    'X-Auth-Access-Level': row.access_level,
    'X-Auth-Token-Kind': row.kind,
    'X-Auth-Expires': row.expiry,
  };
}

function serve() {
  const { DB_SOCKET, DB_USER, DB_PASSWORD, DB_NAME, DB_POOL, PORT } = process.env;
  const database = { socketPath: DB_SOCKET, user: DB_USER, password: DB_PASSWORD, database: DB_NAME };
  const pool = require('mysql2').createPool({ ...database, connectionLimit: Number(DB_POOL) });
  const app = require('fastify')({ logger: false });
  app.get('/check', (request, reply) => {
    const [, token] = TOKEN.exec(request.headers.authorization ?? '') ?? [];
    if (!token) {
      reply.code(401).headers(CLOSED).send();
      return;
    }
    // Callbacks: with promises a check takes 1.4 times the processor time.
    pool.execute(SQL, [sha1(token)], (error, rows = []) => {
      const row = rows.find((each) => each.kind === 'mobile' && each.expiry > Date.now() / 1000);
      const status = error ? 503 : row ? 200 : 401;
      reply.code(status).headers(row ? opened(row) : CLOSED).send();
    });
  });
  app.listen({ host: '127.0.0.1', port: Number(PORT) });
}

if (cluster.isPrimary) {
  for (let number = 0; number < PROCESSES; number += 1) {
    cluster.fork();
  }
} else {
  serve();
}
