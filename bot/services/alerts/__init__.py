"""Alerts: written with a change, handed out, delivered, held and stopped."""
