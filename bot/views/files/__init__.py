"""Files of facts as the desk sees them: dry runs, progress, another story."""
