"""SQLite, as this server uses it."""
