"""A layer over the canvas: shows ink in the page at once, and sends it to the kernel in pieces."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from anywidget import AnyWidget, WidgetTrait
from traitlets import Float, Int, Unicode

from mnistlab.keeping.limits import OUTSIDE
from mnistlab.strokes import DrawingSurface
from mnistlab.widgets.drawing.events import layer_event
from mnistlab.widgets.drawing.recorder import StrokeRecorder
from mnistlab.widgets.drawing.sheet import NUMBER_SHEET, Sheet
from mnistlab.widgets.page_input import PageInput

SCRIPT = Path(__file__).parent / "ink_layer.js"


class InkLayer(AnyWidget):
    """Takes mouse, finger, pen and keys in the page, in place of the canvas that it covers.

    Ink is in the page's next frame, also while a cell runs. A page that cannot run the script has no
    layer: there the canvas gets the events itself.

    Parameters
    ----------
    sheet : Sheet
        The canvas's.
    colour, background : str
        Of ink and of the empty canvas, as in CSS.

    Attributes
    ----------
    label, spoken : str
        For those who do not see the page: what the layer is, and what was said of a finished drawing.
    """

    _esm = SCRIPT.read_text(encoding="utf-8")
    width = Int().tag(sync=True)
    height = Int().tag(sync=True)
    outside = Float(OUTSIDE).tag(sync=True)
    colour = Unicode().tag(sync=True)
    background = Unicode().tag(sync=True)
    label = Unicode().tag(sync=True)
    spoken = Unicode().tag(sync=True)
    pen = WidgetTrait().tag(sync=True)
    """The widget whose value is the pen's width: read in the page, because the kernel may be busy."""

    def __init__(self, sheet: Sheet, colour: str, background: str) -> None:
        super().__init__(colour=colour, background=background)
        self.add_class("mnistlab-ink")
        self.cover(sheet)

    def cover(self, sheet: Sheet) -> None:
        """Be as large as the canvas with this sheet."""
        self.width, self.height = sheet.width, sheet.height

    def page_input(self) -> PageInput:
        """Return what a page may send: keys, and pieces of strokes."""
        return PageInput(event=layer_event(-self.outside, NUMBER_SHEET.width + self.outside))

    def on_event(self, event: str, callback: Callable[[dict[str, Any]], None]) -> None:
        """Have it called with each ``ink`` or ``key_down``, as `layer_event` returns it."""
        self.on_msg(lambda _layer, content, _buffers: callback(content) if content["event"] == event else None)


class InkReader:
    """Draws the pieces of strokes that pages send.

    A stroke is lost if it is removed, or if another one begins, before it has ended: two pages may show
    the same pad. What still comes of it is left out.

    Parameters
    ----------
    pad : DrawingSurface
        Where to draw.
    recorder : StrokeRecorder
        Records what is drawn there.
    """

    def __init__(self, pad: DrawingSurface, recorder: StrokeRecorder) -> None:
        self._pad, self._recorder = pad, recorder
        self._stroke, self._number = "", 0

    def read(self, piece: dict[str, Any]) -> dict[str, Any]:
        """Draw a piece: the points of a stroke from number ``first`` on.

        Returns
        -------
        dict
            For the page: the ``stroke``'s name, the ``count`` of points that it need not show any longer, and
            whether the stroke is ``open``, so that more of it is drawn.
        """
        stroke, points = piece["stroke"], piece["points"]
        if piece["first"] == 0:
            self._pad.start_stroke(*points[0])
            self._stroke, self._number = stroke, self._recorder.open_stroke
        if self._is_open(stroke):
            for point in points:
                self._pad.extend_stroke(*point)
            if piece["ended"]:
                self._pad.end_stroke()
        count = piece["first"] + len(points)
        return {"event": "drawn", "stroke": stroke, "count": count, "open": self._is_open(stroke)}

    def _is_open(self, stroke: str) -> bool:
        return stroke == self._stroke and self._number != 0 and self._number == self._recorder.open_stroke
