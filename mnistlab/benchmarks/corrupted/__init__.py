"""How well models read digits that look different from those that they learned, side by side."""
