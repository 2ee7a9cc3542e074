"""Stories as files: read in, tried out, written out, put away."""
