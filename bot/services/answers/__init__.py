"""What readers get: the answer to a question, why it is that, and what changed meanwhile."""
