"""The sheet in a picture, its ground, and the ink on it."""
