"""The desk: its people, what they are at, what they did, and what is kept how long."""
