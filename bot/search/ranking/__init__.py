"""Evidence to order, to a calibrated probability, to a verdict; why, and how good."""
