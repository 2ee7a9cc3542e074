"""Alerts in editors' hands, and the channel."""
