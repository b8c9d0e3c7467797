"""A widget: the window of the first convolution, moved over a digit by mouse, finger or arrow keys."""

import numpy as np
from traitlets import Bytes, Dict, Int, List

from mnistlab.inside.window import FirstConvolution
from mnistlab.widgets.inside.page_widget import PageWidget, read_parts
from mnistlab.widgets.page_input import whole_number


class SlidingWindow(PageWidget):
    """A digit with the window of a convolution over it, and the arithmetic of that place, worked out.

    All numbers come with it from Python but for the products and their sum, so it also works while the kernel is busy.

    Parameters
    ----------
    convolution : FirstConvolution

    Attributes
    ----------
    filter : int
        Number of the chosen filter, from 0.
    row, column : int
        Of the window's upper left corner, from 0. They begin where the highest activation comes from.
    """

    _esm, _css = read_parts("sliding_window")
    height = Int().tag(sync=True)
    width = Int().tag(sync=True)
    padding = Int().tag(sync=True)
    pixels = Bytes().tag(sync=True)
    """uint8, row by row."""
    side = Int().tag(sync=True)
    """Of the window, in pixels."""
    weights = Bytes().tag(sync=True)
    """float32, filter by filter, row by row."""
    steps = List(Dict()).tag(sync=True)
    """For each step its ``name``, ``values``, ``rows``, ``columns`` and ``reach``, as `Step` has them."""
    maps = Bytes().tag(sync=True)
    """float32: those of the first step, filter by filter, row by row, then those of the second, and so on."""
    filter = Int().tag(sync=True)
    row = Int().tag(sync=True)
    column = Int().tag(sync=True)

    def __init__(self, convolution: FirstConvolution) -> None:
        self.convolution = convolution
        filters, rows, columns = convolution.sums.shape
        rules = {"filter": whole_number(0, filters - 1)}
        rules |= {"row": whole_number(0, rows - 1), "column": whole_number(0, columns - 1)}
        height, width = convolution.pixels.shape
        steps = [
            {
                "name": step.name,
                "values": None if step.values is None else step.values.tolist(),
                "rows": step.maps.shape[1],
                "columns": step.maps.shape[2],
                "reach": step.reach,
            }
            for step in convolution.steps
        ]
        chosen, row, column = convolution.strongest
        super().__init__(
            rules,
            height=height,
            width=width,
            padding=convolution.padding,
            pixels=convolution.pixels.tobytes(),
            side=convolution.weights.shape[-1],
            weights=_bytes(convolution.weights),
            steps=steps,
            maps=b"".join(_bytes(step.maps) for step in convolution.steps),
            filter=chosen,
            row=row,
            column=column,
        )

    @property
    def place(self) -> tuple[int, int, int]:
        """Filter, row and column."""
        return self.filter, self.row, self.column

    def __repr__(self) -> str:
        total = self.convolution.lines(*self.place)[0][1]
        return f"SlidingWindow(filter {self.filter}, row {self.row}, column {self.column}: sum {total:.3f})"


def _bytes(values: np.ndarray) -> bytes:
    return values.astype("<f4").tobytes()
