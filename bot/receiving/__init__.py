"""How updates come in: asked for, stored, and handed on once they are safe."""
