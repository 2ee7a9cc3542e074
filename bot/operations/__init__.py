"""What operators see and do: upgrades, the doctor, health and metrics, incidents."""
