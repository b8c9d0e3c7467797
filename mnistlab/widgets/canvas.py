"""The canvas of the drawing pad: a view of strokes, and the pen that moves over it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from ipycanvas import Canvas, hold_canvas

from mnistlab.strokes import CANVAS, Drawing

GROUND, INK = "#101418", "#f4f4f4"

SHARPNESS = 2
"""Pixels of the browser's buffer for one of the canvas, each way: crisp on displays of high density."""


class StrokeCanvas:
    """Shows strokes on an ipycanvas canvas and reports what mouse, finger and keys do there.

    Parameters
    ----------
    canvas_size : int
        Width and height in canvas pixels, which are CSS pixels; all coordinates are in these.
    """

    def __init__(self, canvas_size: int = CANVAS) -> None:
        side = f"{canvas_size}px"
        buffer = canvas_size * SHARPNESS
        self.canvas = Canvas(width=buffer, height=buffer, layout={"width": side, "height": side})

    def dot(self, point: tuple[float, float], width: float) -> None:
        """Show that a stroke begins."""
        with _one_message():
            self._dip(width)
            self._dot(point, width)

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Show that the stroke goes on."""
        self.canvas.stroke_line(*(value * SHARPNESS for value in (*start, *end)))

    def redraw(self, drawing: Drawing, widths: Sequence[float]) -> None:
        """Show these strokes and nothing else, to every page that shows the canvas, also to one just opened."""
        # A page that was just opened does not know which canvas is meant until it is told again.
        self.canvas._canvas_manager._current_canvas = None
        with _one_message():
            self.canvas.fill_style = GROUND
            self.canvas.fill_rect(0, 0, self.canvas.width)
            self.canvas.fill_style = self.canvas.stroke_style = INK
            self.canvas.line_cap = self.canvas.line_join = "round"
            for stroke, width in zip(drawing, widths, strict=True):
                self._dip(width)
                self._dot(stroke[0], width)
                if len(stroke) > 1:
                    self.canvas.stroke_lines(np.asarray(stroke, np.float32) * SHARPNESS)

    def on_opened(self, callback: Callable[[], None]) -> None:
        """Have it called whenever a page begins to show the canvas: it is empty there."""
        self.canvas.on_client_ready(callback)

    def on_pen(
        self,
        down: Callable[[float, float], None],
        move: Callable[[float, float], None],
        up: Callable[[], None],
    ) -> None:
        """Have these called with x and y for the mouse and for one finger; a second finger is ignored."""
        canvas = self.canvas
        canvas.on_mouse_down(lambda x, y: down(x / SHARPNESS, y / SHARPNESS))
        canvas.on_mouse_move(lambda x, y: move(x / SHARPNESS, y / SHARPNESS))
        canvas.on_mouse_up(lambda _x, _y: up())
        canvas.on_mouse_out(lambda _x, _y: up())  # outside there is no word of the button's release
        canvas.on_touch_start(lambda fingers: down(*_first(fingers)) if len(fingers) == 1 else None)
        canvas.on_touch_move(lambda fingers: move(*_first(fingers)))
        # The fingers left are not told apart: whichever was lifted, what follows is no part of the stroke.
        canvas.on_touch_end(lambda _fingers: up())
        canvas.on_touch_cancel(lambda _fingers: up())

    def on_key(self, callback: Callable[[str, bool, bool], None]) -> None:
        """Have it called with the name of a key, whether shift and whether control (or command) was held."""
        self.canvas.on_key_down(lambda key, shift, control, meta: callback(key, shift, control or meta))

    def _dip(self, width: float) -> None:
        self.canvas.line_width = width * SHARPNESS

    def _dot(self, point: tuple[float, float], width: float) -> None:
        x, y = point
        self.canvas.fill_circle(x * SHARPNESS, y * SHARPNESS, width * SHARPNESS / 2)


@contextmanager
def _one_message() -> Iterator[None]:
    """ipycanvas's `hold_canvas`, left on an exception too: else every canvas would wait for good."""
    hold = hold_canvas()
    hold.__enter__()
    try:
        yield
    finally:
        hold.__exit__(None, None, None)


def _first(fingers: Sequence[tuple[float, float]]) -> tuple[float, float]:
    x, y = fingers[0]
    return x / SHARPNESS, y / SHARPNESS
