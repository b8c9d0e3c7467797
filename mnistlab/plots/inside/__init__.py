"""Charts of what happens to a digit inside a network."""
