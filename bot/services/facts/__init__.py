"""What editors write about a fact, read into its fields: `parsing` reads messages, `values` one
field after another, `entries` what was asked for by itself.
"""
