"""The tables. Private to `db` and `migrations`: records leave the database, rows do not."""
