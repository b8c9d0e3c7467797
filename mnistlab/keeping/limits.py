"""How large a drawing may be that is recorded or kept."""

PEN_WIDTHS = (8, 40)
"""Thinnest and thickest pen, in canvas pixels."""

OUTSIDE = PEN_WIDTHS[1] / 2
"""How far outside the canvas a point may lie, in canvas pixels: the thickest pen leaves no ink on it from there."""

MAX_POINTS = 50_000
"""Most points of a drawing, in all its strokes: seven minutes of drawing without a break."""

MAX_STROKES = 1_000
"""Most strokes of a drawing."""

MAX_CANVAS = 2_000
"""Largest width and height of a canvas, in canvas pixels."""

MAX_NAME = 200
"""Most characters in the name of a writer or of a model."""

MAX_LINE = 20 * MAX_POINTS + 10_000
"""Most bytes of a kept drawing in its file."""

MAX_FILE = 500_000_000
"""Most bytes of a file of kept drawings: about two hundred thousand."""
