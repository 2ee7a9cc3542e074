"""What readers asked and were told, and what is derived from the facts to answer them."""
