"""Texts held against each other: what they mention, where they differ or disagree. Pure."""
