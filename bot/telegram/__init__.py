"""How updates come and requests leave: HTTP, the gate, the messenger, the watchdog."""
