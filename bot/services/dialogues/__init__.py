"""The engine of dialogues with editors: declared states and moves over stored proposals."""
