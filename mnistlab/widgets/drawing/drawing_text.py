"""A drawing as text, which a page keeps and gives back."""

import json
import math
from collections.abc import Sequence
from typing import Any

from mnistlab.keeping.limits import MAX_POINTS, MAX_STROKES, PEN_WIDTHS
from mnistlab.widgets.drawing.sheet import DIGIT_SHEET, NUMBER_SHEET, Point, Sheet

MAX_TEXT = 20 * MAX_POINTS
"""Most characters of a drawing as text."""


def text_of(strokes: Sequence[Sequence[Point]], widths: Sequence[float], sheet: Sheet) -> str:
    """Return a sheet, strokes and their pen widths as text; coordinates and widths to a hundredth of a pixel."""
    rounded = [[(round(x, 2), round(y, 2)) for x, y in stroke] for stroke in strokes]
    drawing = {"strokes": rounded, "widths": [round(float(width), 2) for width in widths]}
    return json.dumps({"is_number": sheet.is_for_numbers, **drawing}, separators=(",", ":"))


def checked_text(text: Any) -> str:
    """Return a text if a recorder can restore it.

    Raises
    ------
    ValueError
        If it is of another kind, or larger than a full drawing.
    """
    drawing_in(text)
    return str(text)


def drawing_in(text: Any) -> tuple[list[list[Point]], list[float], Sheet]:
    """Return the strokes, moved onto the sheet, the pen widths and the sheet; the error is that of `checked_text`."""
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise ValueError("not the text of a drawing, or too long")
    try:
        drawing = json.loads(text)
        strokes = [[(_finite(x), _finite(y)) for x, y in stroke] for stroke in drawing["strokes"]]
        widths = [min(max(_finite(width), PEN_WIDTHS[0]), PEN_WIDTHS[1]) for width in drawing["widths"]]
        sheet = NUMBER_SHEET if drawing.get("is_number") else DIGIT_SHEET
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"not the text of a drawing: {error!r:.80}") from None
    if len(strokes) != len(widths) or not all(strokes):
        raise ValueError("not the text of a drawing: each stroke has a width, and at least one point")
    if len(strokes) > MAX_STROKES or sum(map(len, strokes)) > MAX_POINTS:
        raise ValueError("a drawing of too many strokes or points")
    return [sheet.clip_stroke(stroke) for stroke in strokes], widths, sheet


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a finite number")
    return float(value)
