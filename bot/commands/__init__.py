"""The commands of the command line that operators use, a module for each group."""
