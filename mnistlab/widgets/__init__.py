"""The parts of the drawing pad."""
