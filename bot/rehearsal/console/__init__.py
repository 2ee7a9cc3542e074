"""The terminal in which somebody plays readers and editors."""
