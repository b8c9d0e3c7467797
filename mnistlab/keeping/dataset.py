"""Kept drawings as a dataset."""

from collections.abc import Iterable

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.keeping.drawing import KeptDrawing


def labelled_drawings(drawings: Iterable[KeptDrawing]) -> list[LabelledDrawing]:
    """Return kept drawings as the other sets of drawings are: strokes, label and the writer's number.

    Parameters
    ----------
    drawings : iterable of KeptDrawing
        ``KeptDrawings().read().drawings``, for example.

    Returns
    -------
    list of LabelledDrawing
        In the same order. Writers are numbered from 1 in the order of their first drawings, so that a drawing that is
        added later changes no number; 0 stands for those without a name. The coordinates are canvas pixels.
    """
    numbers = {"": 0}
    return [
        LabelledDrawing(drawing.strokes, drawing.label, numbers.setdefault(drawing.writer, len(numbers)))
        for drawing in drawings
    ]
