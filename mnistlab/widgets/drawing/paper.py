"""The paper of the drawing pad: what is drawn, and the canvas that shows it."""

from mnistlab.strokes import DrawingSurface
from mnistlab.widgets.callbacks import Wrap
from mnistlab.widgets.drawing.canvas import StrokeCanvas
from mnistlab.widgets.drawing.recorder import StrokeRecorder
from mnistlab.widgets.drawing.sheet import Sheet


class Paper:
    """Records strokes and shows them.

    Parameters
    ----------
    sheet : Sheet
        Its size.

    Attributes
    ----------
    recorder : StrokeRecorder
        What is drawn.
    canvas : StrokeCanvas
        What shows it.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.recorder, self.canvas = StrokeRecorder(sheet), StrokeCanvas(sheet)

    def start(self, x: float, y: float, width: float) -> bool:
        """Start a stroke with a pen of this width, all in canvas pixels; return whether there was room for it."""
        point = self.recorder.start(x, y, width)
        if point:
            self.canvas.dot(point, width)
        return point is not None

    def extend(self, x: float, y: float) -> bool:
        """Move the pen; return whether it drew a line."""
        line = self.recorder.extend(x, y)
        if line:
            self.canvas.line(*line)
        return line is not None

    def undo(self) -> None:
        """Remove the last stroke."""
        self.recorder.undo()
        self.redraw()

    def clear(self) -> None:
        """Remove all strokes."""
        self.recorder.clear()
        self.redraw()

    def restore(self, text: str) -> None:
        """Show what such a text says; as `StrokeRecorder.restore`."""
        self.recorder.restore(text)
        self._show()

    def move_to(self, sheet: Sheet) -> None:
        """Go on with another sheet; as `StrokeRecorder.move_to`."""
        if sheet != self.recorder.sheet:
            self.recorder.move_to(sheet)
            self._show()

    def redraw(self) -> None:
        """Show what is drawn, also on a page that was just opened."""
        self.canvas.redraw(self.recorder.strokes, self.recorder.widths)

    def on_pen(self, surface: DrawingSurface, wrap: Wrap) -> None:
        """Have mouse, finger and pen draw on a surface; as `StrokeCanvas.on_pen`."""
        self.canvas.on_pen(surface, self.recorder, wrap)

    def _show(self) -> None:
        self.canvas.show_sheet(self.recorder.sheet)
        self.redraw()
