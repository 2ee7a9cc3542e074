"""Texts: tokens, slips, names, the kind of a question, small talk, what leans on what."""
