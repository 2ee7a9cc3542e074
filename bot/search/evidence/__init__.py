"""Question and document held against each other: one row of evidence a candidate."""
