"""The file formats of the datasets."""

import gzip
import json
import zlib
from math import isfinite, prod
from pathlib import Path
from typing import NamedTuple

import numpy as np
import unlzw3

from mnistlab.errors import DataDamagedError
from mnistlab.strokes import Drawing
from mnistlab.system.files import open_regular

MAX_BYTES = 200_000_000
"""Size of the largest dataset that is read, decompressed: four times MNIST."""

MAX_TEXT = 64_000_000
"""Bytes of the largest file of drawings, and of the largest compressed one."""


class LabelledDrawing(NamedTuple):
    """A drawing with its label; `writer` is a number within its file, -1 if the file does not say."""

    drawing: Drawing
    label: int
    writer: int


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """Read a gzipped IDX file of bytes.

    Parameters
    ----------
    path : Path
    dimensions : int
        Number of axes of the array.

    Returns
    -------
    uint8 array
        Read-only, in the shape given by the file's header.

    Raises
    ------
    DataDamagedError
        If the file is not gzip, is truncated, or its length does not agree with its header.
    """
    magic = 0x0800 + dimensions  # type 8, unsigned byte, then the number of axes
    try:
        with open_regular(path) as file, gzip.open(file) as content:
            header = content.read(4 * (1 + dimensions))
            if len(header) < 4 * (1 + dimensions) or int.from_bytes(header[:4]) != magic:
                raise damaged(path, f"an IDX file that begins with {magic:08x}", header[:4].hex() or "nothing")
            shape = tuple(int(n) for n in np.frombuffer(header, ">u4")[1:])
            if prod(shape) > MAX_BYTES:
                raise damaged(path, f"at most {MAX_BYTES:,} bytes", f"{prod(shape):,} bytes for {shape}")
            body = content.read(prod(shape) + 1)  # one more shows that there is more, and lets gzip check the end
    except (EOFError, OSError, zlib.error) as error:
        raise damaged(path, "a complete gzip file", f"a truncated file or another format ({error})") from error
    if len(body) != prod(shape):
        found = f"{len(body):,}" if len(body) < prod(shape) else "more"
        raise damaged(path, f"{prod(shape):,} bytes for {shape}", found)
    return np.frombuffer(body, np.uint8).reshape(shape)


def read_limited(path: Path) -> bytes:
    """Read a file of drawings.

    Raises
    ------
    ValueError
        If it is too large for one, or a pipe or a device.
    """
    try:
        with open_regular(path) as file:
            content = file.read(MAX_TEXT + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    if len(content) > MAX_TEXT:
        raise ValueError(f"more than {MAX_TEXT // 10**6} MB: not a file of drawings")
    return content


def read_compressed(path: Path) -> str:
    """Read text that was compressed with Unix's *compress* (``.Z``).

    Raises
    ------
    DataDamagedError
        If the file has another format or is truncated.
    """
    try:
        return str(unlzw3.unlzw(read_limited(path)).decode("latin-1"))
    except (ValueError, IndexError) as error:
        raise damaged(path, "a complete file made by compress", str(error)) from error


def read_unipen(text: str) -> list[LabelledDrawing]:
    """Read labelled digits from UNIPEN text, as in UCI's *pendigits-orig* files.

    Parameters
    ----------
    text : str
        ``.SEGMENT DIGIT … "8"`` begins a digit, ``.COMMENT class writer index`` follows, then for
        each stroke ``.PEN_DOWN``, lines of ``x y`` with y upwards, and ``.PEN_UP``.

    Returns
    -------
    list of LabelledDrawing
        With y downwards, in the file's own units.

    Raises
    ------
    ValueError
        If a line is neither a command nor two numbers, or is in the wrong place.

    References
    ----------
    I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet: UNIPEN project of on-line data
    exchange and recognizer benchmarks, ICPR 1994.
    """
    found: list[LabelledDrawing] = []
    strokes: list[list[tuple[float, float]]] = []
    label = 0
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        try:
            match words:
                case [".SEGMENT", "DIGIT", *_, name]:
                    label, strokes = int(name.strip('"')), []
                case [".COMMENT", _, writer, _] if writer.isdigit():
                    found.append(LabelledDrawing(strokes, label, int(writer)))
                case [".PEN_DOWN"]:
                    strokes.append([])
                case [x, y] if not x.startswith("."):
                    strokes[-1].append(_point(float(x), -float(y)))
                case [word, *_] if not word.startswith("."):
                    raise ValueError("neither a command nor two numbers")
        except (IndexError, ValueError) as error:
            raise ValueError(f"line {number} of the UNIPEN text, {line.strip()!r}: {error}") from error
    return found


def read_glyphs(text: str) -> list[LabelledDrawing]:
    """Read labelled digits from JSON: ``{"rawData": {"0": [glyph, …], …}}``.

    A glyph is a list of strokes, a stroke a list of ``[x, y]`` with y downwards. Glyphs of other
    characters are left out.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of LabelledDrawing
        In the order of the labels; within a label in that of the file.

    Raises
    ------
    ValueError
        If the text is not JSON of this kind.
    """
    try:
        return [
            LabelledDrawing([[_point(*point) for point in stroke] for stroke in glyph], int(name), -1)
            for name, glyphs in sorted(json.loads(text)["rawData"].items())
            if len(name) == 1 and name in "0123456789"
            for glyph in glyphs
        ]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"not the JSON of glyphs: {str(error)[:200] or type(error).__name__}") from error


def _point(x: float, y: float) -> tuple[float, float]:
    """The point, if its coordinates are numbers."""
    if not (isinstance(x, int | float) and isinstance(y, int | float) and isfinite(x) and isfinite(y)):
        raise ValueError(f"({str(x)[:20]}, {str(y)[:20]}) is no point")
    return x, y


def damaged(path: Path, expected: str, found: str) -> DataDamagedError:
    """Return the error for a damaged file: what was expected, and what was found."""
    return DataDamagedError(f"{path}: expected {expected}, found {found}. Delete it and run 'mnistlab fetch'")
