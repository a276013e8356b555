"""All that talks to MySQL: connections, the pool, named statements, migrations, readiness, the tables."""
