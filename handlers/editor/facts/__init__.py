"""Facts that editors add, change, withdraw and take back."""
