"""Accuracy and speed beside the peers, in one run: `make bench`. Not part of the tests."""
