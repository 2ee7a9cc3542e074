"""The outbox: alerts, who shall hear them, and how far each delivery has come."""
