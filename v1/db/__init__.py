"""Everything that talks to MySQL: connections, the pool, named statements, the tables, migrations, readiness."""
