"""Twelve drawings and one picture of a digit, made for this project: for examples and tests without other data."""

from math import cos, radians, sin
from pathlib import Path

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.strokes import Stroke


def _arc(x: float, y: float, width: float, height: float, start: float, end: float) -> Stroke:
    """Part of an ellipse around (x, y); angles in degrees, clockwise from the right."""
    steps = max(2, round(abs(end - start) / 12))
    angles = [radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + width * cos(angle), y + height * sin(angle)) for angle in angles]


# Each digit is about 100 canvas pixels wide and 150 high; its top left corner is near (90, 65).
_STROKES: list[tuple[int, list[Stroke]]] = [
    (0, [_arc(140, 140, 45, 72, -80, 285)]),
    (1, [[(142, 66), (138, 140), (136, 212)]]),
    (1, [[(100, 118), (126, 95), (150, 68), (148, 140), (146, 212)]]),  # with a flag, as in most of Europe
    (2, [[*_arc(138, 102, 42, 36, 190, 395), (136, 170), (94, 210), (140, 206), (190, 210)]]),
    (3, [[*_arc(132, 101, 40, 34, 215, 440), *_arc(132, 173, 46, 38, -85, 150)]]),
    (4, [[(130, 68), (112, 120), (94, 162), (140, 160), (190, 158)], [(160, 110), (156, 160), (152, 214)]]),
    (5, [[(112, 70), (108, 100), (104, 132), *_arc(132, 168, 46, 44, 235, 500)], [(112, 70), (150, 68), (184, 68)]]),
    (6, [[(164, 68), (132, 98), (108, 140), *_arc(138, 174, 40, 37, 190, 545)]]),
    (7, [[(94, 72), (140, 70), (186, 72), (160, 130), (134, 212)]]),
    (7, [[(94, 72), (140, 70), (186, 72), (160, 130), (134, 212)], [(116, 144), (150, 142), (182, 142)]]),  # barred
    (8, [[*_arc(140, 104, 34, 36, -30, -270), *_arc(140, 176, 42, 36, -90, 270), *_arc(140, 104, 34, 36, 90, -20)]]),
    (9, [[*_arc(136, 108, 38, 38, -20, -350), (172, 116), (168, 160), (154, 214)]]),
]

EXAMPLES = [LabelledDrawing(strokes, label, 0) for label, strokes in _STROKES]
"""Twelve labelled drawings on a canvas of 280 pixels, all by one writer."""

PICTURE = Path(__file__).parent / "example.jpg"
"""A 7 with a bar, in pencil on unevenly lit paper; computed, not photographed."""
