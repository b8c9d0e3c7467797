"""Kept drawings as small pictures on a page."""

import base64
from collections.abc import Iterable
from html import escape

import numpy as np
from PIL import Image, ImageOps

from mnistlab.keeping.drawing import KeptDrawing
from mnistlab.picture_files.encoding import png_of
from mnistlab.system.formatting import printable

SIDE = 70
"""Width and height of a picture, in pixels."""

LAYOUT = "display:flex;flex-wrap:wrap;gap:12px;margin:0;padding:0;list-style:none"


def gallery(drawings: Iterable[KeptDrawing], caption: str = "{label}, read as {answer}") -> str:
    """Return drawings as a list in HTML: a small picture of each with its label, answer, writer and id.

    All text that comes from the drawings is escaped.

    Parameters
    ----------
    drawings : iterable of KeptDrawing
    caption : str
        What stands below a picture, with ``{label}`` and ``{answer}``, in the reader's language. The answer is ``?``
        where the model took it for no digit. Where no model was asked, the label stands alone.

    Returns
    -------
    str
        A ``<ul class="mnistlab-kept">``. Each ``<li>`` has the drawing's id as its ``data-id``; one that was misread
        has the class ``mnistlab-misread``, and its text is bold.
    """
    items = "".join(_item(drawing, caption) for drawing in drawings)
    return f'<ul class="mnistlab-kept" style="{LAYOUT}">{items}</ul>'


def _item(drawing: KeptDrawing, caption: str) -> str:
    text = escape(caption.format(label=drawing.label, answer=drawing.answer) if drawing.answer else str(drawing.label))
    kind, shown = (' class="mnistlab-misread"', f"<strong>{text}</strong>") if drawing.is_misread else ("", text)
    writer = f"<br>{escape(printable(drawing.writer))}" if drawing.writer else ""
    return (
        f'<li{kind} data-id="{drawing.id}"><img src="{_picture(drawing)}" width="{SIDE}" height="{SIDE}" alt="{text}">'
        f"<br>{shown}{writer}<br><code>{drawing.id}</code></li>"
    )


def _picture(drawing: KeptDrawing) -> str:
    """The address of the picture, dark ink on white, with the picture in it."""
    small = ImageOps.invert(Image.fromarray(drawing.picture())).resize((SIDE, SIDE), Image.Resampling.BOX)
    return f"data:image/png;base64,{base64.b64encode(png_of(np.asarray(small))).decode()}"
