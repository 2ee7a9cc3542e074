"""The desk: its people, its screens, its records, and what is kept how long."""
