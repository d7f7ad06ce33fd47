"""The only package that speaks SQL. SQLite and PostgreSQL, the same statements."""
