"""A drawing that somebody kept, with its true label, and the line of JSON that stands for it."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import numpy as np

from mnistlab.keeping.checks import check_label, check_name, check_strokes
from mnistlab.keeping.limits import MAX_LINE
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import CANVAS, Drawing, rasterize
from mnistlab.system.formatting import HASH_DIGITS
from mnistlab.system.json_objects import JsonObject, check_time, parse_json

SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class KeptModel(JsonObject):
    """The model that answered."""

    name: str  # "drawn", or a run's name
    sha256: str | None = None  # of its file; None if that is not known

    def __post_init__(self) -> None:
        check_name(self.name, "model.name")
        if self.sha256 is not None and not SHA256.fullmatch(self.sha256):
            raise ValueError(f"model.sha256 is {self.sha256[:70]!r}, not 64 hex digits")


@dataclass(frozen=True, kw_only=True)
class KeptAnswer(JsonObject):
    """What the model said about the drawing."""

    digit: int  # the most likely one, 0..9
    confidence: float  # the probability of that digit, 0..1
    is_digit: bool  # False: the model took it for no digit, or for several
    model: KeptModel

    def __post_init__(self) -> None:
        check_label(self.digit, "answer.digit")
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"answer.confidence is {self.confidence}, not a number in 0..1")

    def __str__(self) -> str:
        """The digit, ``?`` if it is none: as in a number that was read."""
        return str(self.digit) if self.is_digit else "?"

    @classmethod
    def of(cls, prediction: Prediction, model: KeptModel) -> Self:
        """Return what is kept of a prediction; the confidence is rounded to six digits."""
        confidence = round(prediction.confidence, 6)
        return cls(digit=prediction.digit, confidence=confidence, is_digit=prediction.is_digit, model=model)


@dataclass(frozen=True, kw_only=True)
class KeptDrawing(JsonObject):
    """A drawing with its true label. Make one with `now`; each is checked, wherever it comes from.

    Raises
    ------
    ValueError
        If a label is no digit, a point is not on the canvas, a stroke has no point or no pen width, a name is too
        long, the drawing is larger than `mnistlab.keeping.limits` allows, or the id belongs to other strokes.
    """

    id: str  # of strokes, pen widths and canvas: the same drawing, kept again, has the same one
    label: int  # the digit that it is, 0..9
    writer: str = ""  # who drew it; empty if that was not said
    time: str  # when it was kept, ISO 8601 in UTC
    answer: KeptAnswer | None = None  # None if no model was asked
    canvas_size: int  # width and height, in canvas pixels
    widths: tuple[float, ...]  # of the pen, for each stroke, in canvas pixels
    strokes: tuple[tuple[tuple[float, float], ...], ...]  # (x, y) in canvas pixels, x to the right, y down

    def __post_init__(self) -> None:
        check_label(self.label, "label")
        check_name(self.writer, "writer")
        check_time(self.time, "time")
        check_strokes(self.strokes, self.widths, self.canvas_size)
        if self.id != (own := _id(self.strokes, self.widths, self.canvas_size)):
            raise ValueError(f"id is {self.id[:20]!r}, but the strokes have the id {own}: one of them was changed")

    @classmethod
    def now(
        cls,
        drawing: Drawing,
        pen_widths: Sequence[float],
        label: int,
        answer: KeptAnswer | None = None,
        writer: str = "",
        canvas_size: int = CANVAS,
    ) -> Self:
        """Return a drawing that is kept now.

        Parameters
        ----------
        drawing : sequence of strokes
            Each a sequence of points (x, y) in canvas pixels, x to the right, y down; rounded to a hundredth.
        pen_widths : sequence of float
            Width of the pen for each stroke, in canvas pixels; rounded likewise.
        label : int
            The digit that it really is, 0 to 9.
        answer : KeptAnswer, optional
            What a model said.
        writer : str
            Who drew it; spaces around the name are left out.
        canvas_size : int
            Width and height of the canvas, in canvas pixels.

        Raises
        ------
        ValueError
            As `KeptDrawing`.
        """
        strokes = tuple(tuple((round(float(x), 2), round(float(y), 2)) for x, y in stroke) for stroke in drawing)
        widths = tuple(round(float(width), 2) for width in pen_widths)
        return cls(
            id=_id(strokes, widths, canvas_size),
            label=label,
            writer=writer_name(writer),
            time=datetime.now(UTC).isoformat(),
            answer=answer,
            canvas_size=canvas_size,
            widths=widths,
            strokes=strokes,
        )

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Return the drawing that a line of a file stands for; ValueError says what is wrong with it."""
        if len(line) > MAX_LINE:
            raise ValueError(f"it has {len(line):,} bytes, more than {MAX_LINE:,}")
        return cls.read(parse_json(line.decode()))

    def line(self) -> bytes:
        """Return the line of a file that stands for the drawing, with its end; ValueError if it would be too long."""
        line = json.dumps(self.write(), separators=(",", ":"), allow_nan=False).encode() + b"\n"
        if len(line) > MAX_LINE:
            raise ValueError(f"the drawing takes {len(line):,} bytes, more than {MAX_LINE:,}: it cannot be kept")
        return line

    @property
    def moment(self) -> datetime:
        """When it was kept, in UTC."""
        return datetime.fromisoformat(self.time).astimezone(UTC)

    @property
    def is_misread(self) -> bool:
        """Whether the model said something else than the label; False if no model was asked."""
        return self.answer is not None and str(self.answer) != str(self.label)

    def picture(self) -> np.ndarray:
        """Return the picture that it makes, as `rasterize` does: uint8 `(canvas_size, canvas_size)`, light on dark."""
        return rasterize(self.strokes, self.widths, self.canvas_size)


def writer_name(text: str) -> str:
    """Return a writer's name in the one form in which it is kept: however typed, the same name is the same text."""
    return unicodedata.normalize("NFC", text).strip()


def _id(strokes: Drawing, widths: Sequence[float], canvas_size: int) -> str:
    points = [[(float(x), float(y)) for x, y in stroke] for stroke in strokes]
    content = json.dumps([points, [*map(float, widths)], canvas_size])
    return hashlib.sha256(content.encode()).hexdigest()[:HASH_DIGITS]
