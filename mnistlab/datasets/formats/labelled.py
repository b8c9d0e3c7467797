"""A drawing with its label and its writer."""

from typing import NamedTuple

from mnistlab.strokes import Drawing

GENERATOR = -1
"""In place of a writer's number: no person drew it."""


class LabelledDrawing(NamedTuple):
    """A drawing with its label; `writer` is a number within its file, from 1, 0 if the file does not say.

    A label that is known to be wrong is measured with, but not trained on.
    """

    drawing: Drawing
    label: int
    writer: int
    is_wrong: bool = False
