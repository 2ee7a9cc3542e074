"""Changes of facts: new words, withdrawals, what is taken back, the same error elsewhere."""
