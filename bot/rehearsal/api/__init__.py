"""The HTTP side: requests read and checked by the Bot API's contract, replies, faults, updates."""
