"""The canvas of the drawing pad: shows strokes, and reports what mouse, finger and keys do."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ipywidgets as widgets
import numpy as np
from ipycanvas import Canvas, hold_canvas

from mnistlab.strokes import Drawing, DrawingSurface
from mnistlab.system.compat import resend_current_canvas
from mnistlab.widgets.callbacks import Callback, Wrap
from mnistlab.widgets.drawing.events import canvas_event
from mnistlab.widgets.drawing.ink_layer import InkLayer, InkReader
from mnistlab.widgets.drawing.recorder import StrokeRecorder
from mnistlab.widgets.drawing.sheet import NUMBER_SHEET, Sheet
from mnistlab.widgets.page_input import PageInput

BACKGROUND, INK = "#101418", "#f4f4f4"

PIXEL_RATIO = 2
"""Pixels in the browser for one canvas pixel, in each direction: sharp on high-resolution displays."""


class StrokeCanvas:
    """An ipycanvas canvas that shows strokes and reports mouse, touch and keyboard events.

    Parameters
    ----------
    sheet : Sheet
        Its size. A canvas pixel is a CSS pixel where the page is wide enough; all coordinates are in canvas pixels.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.canvas = Canvas().add_class("mnistlab-canvas")
        self.layer = InkLayer(sheet, INK, BACKGROUND)
        self.paper = widgets.Box([self.canvas, self.layer]).add_class("mnistlab-paper")
        self.show_sheet(sheet)

    def show_sheet(self, sheet: Sheet) -> None:
        """Be as large as a sheet; the canvas is empty until it is redrawn."""
        self.canvas.width, self.canvas.height = sheet.width * PIXEL_RATIO, sheet.height * PIXEL_RATIO
        self.layer.cover(sheet)
        change_class = self.paper.add_class if sheet.is_for_numbers else self.paper.remove_class
        change_class("mnistlab-wide")

    def page_inputs(self) -> dict[widgets.Widget, PageInput]:
        """Return what a page may report; a finger may leave the canvas, but not by more than its width."""
        widest = NUMBER_SHEET.width * PIXEL_RATIO
        return {self.canvas: PageInput(event=canvas_event(-widest, 2 * widest)), self.layer: self.layer.page_input()}

    def dot(self, point: tuple[float, float], width: float) -> None:
        """Show the first point of a stroke; lines that follow have the same width."""
        x, y, diameter = (value * PIXEL_RATIO for value in (*point, width))
        with hold_canvas():
            self._draw_dot(x, y, diameter)

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Show the next piece of the stroke that was begun last."""
        self.canvas.stroke_line(*(value * PIXEL_RATIO for value in (*start, *end)))

    def redraw(self, drawing: Drawing, widths: Sequence[float]) -> None:
        """Show these strokes and nothing else, in every page that shows the canvas, also in one just opened.

        Parameters
        ----------
        drawing : sequence of strokes
            Each has at least one point.
        widths : sequence of float
            The pen's width for each stroke, in canvas pixels.

        Raises
        ------
        ValueError
            If there are more or fewer widths than strokes.
        """
        scaled = []
        for stroke, width in zip(drawing, widths, strict=True):
            points = np.asarray(stroke, np.float32) * PIXEL_RATIO
            scaled.append((points, points[0].tolist(), width * PIXEL_RATIO))
        resend_current_canvas(self.canvas)
        with hold_canvas():  # an error in here would stop all drawing forever, so everything is computed before
            self.canvas.fill_style = BACKGROUND
            self.canvas.fill_rect(0, 0, self.canvas.width, self.canvas.height)
            self.canvas.fill_style = self.canvas.stroke_style = INK
            self.canvas.line_cap = self.canvas.line_join = "round"
            for points, (x, y), width in scaled:
                self._draw_dot(x, y, width)
                if len(points) > 1:
                    self.canvas.stroke_lines(points)
        if not scaled:
            self.layer.send({"event": "cleared"})

    def on_opened(self, callback: Callable[[], None]) -> None:
        """Have it called when a page starts to show the canvas: it is empty there until it is redrawn."""
        self.canvas.on_client_ready(callback)

    def on_pen(self, pad: DrawingSurface, recorder: StrokeRecorder, wrap: Wrap) -> None:
        """Have a pad drawn on by mouse, finger and pen, through the layer or, in a page without it, the canvas.

        A second finger is ignored.

        Parameters
        ----------
        pad : DrawingSurface
            Gets the points, in canvas pixels.
        recorder : StrokeRecorder
            Records what is drawn there.
        wrap : callable
            See `mnistlab.widgets.callbacks.Wrap`.
        """
        reader = InkReader(pad, recorder)

        def read(piece: dict[str, Any]) -> None:
            with _one_message():
                answer = reader.read(piece)
            self.layer.send(answer)  # after the ink, which the layer shows until then

        self.layer.on_event("ink", wrap(read))
        self._on_canvas(wrap(pad.start_stroke), wrap(pad.extend_stroke), wrap(pad.end_stroke))

    def on_key(self, callback: Callable[[str, bool, bool], None]) -> None:
        """Have it called with a key's name, whether shift was held, and whether control or command was held."""
        self.canvas.on_key_down(lambda key, shift, control, meta: callback(key, shift, control or meta))
        self.layer.on_event(
            "key_down", lambda it: callback(it["key"], it["shift_key"], it["ctrl_key"] or it["meta_key"])
        )

    def _on_canvas(self, down: Callback, move: Callback, up: Callback) -> None:
        canvas = self.canvas
        canvas.on_mouse_down(lambda x, y: down(x / PIXEL_RATIO, y / PIXEL_RATIO))
        canvas.on_mouse_move(lambda x, y: move(x / PIXEL_RATIO, y / PIXEL_RATIO))
        canvas.on_mouse_up(lambda _x, _y: up())
        canvas.on_mouse_out(lambda _x, _y: up())  # the canvas is not told of a button released outside
        canvas.on_touch_start(lambda fingers: down(*_first(fingers)) if len(fingers) == 1 else None)
        canvas.on_touch_move(lambda fingers: move(*_first(fingers)))
        # The event does not say which finger was lifted; in any case the stroke is over.
        canvas.on_touch_end(lambda _fingers: up())
        canvas.on_touch_cancel(lambda _fingers: up())

    def _draw_dot(self, x: float, y: float, diameter: float) -> None:
        """In the browser's pixels; also sets the width of the lines that follow."""
        self.canvas.line_width = diameter
        self.canvas.fill_circle(x, y, diameter / 2)


@contextmanager
def _one_message() -> Iterator[None]:
    """Send what is drawn meanwhile in one message."""
    hold = hold_canvas()
    hold.__enter__()
    try:
        yield
    finally:
        hold.__exit__(None, None, None)  # it is not told of an error: that would stop all drawing forever


def _first(fingers: Sequence[tuple[float, float]]) -> tuple[float, float]:
    x, y = fingers[0]
    return x / PIXEL_RATIO, y / PIXEL_RATIO
