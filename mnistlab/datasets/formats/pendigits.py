"""UCI's pen digits: UNIPEN text, compressed with Unix's *compress*."""

from pathlib import Path

import unlzw3

from mnistlab.datasets.formats.files import checked_point, damaged, read_limited
from mnistlab.datasets.formats.labelled import LabelledDrawing


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


def read_pendigits(text: str) -> list[LabelledDrawing]:
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
                    strokes[-1].append(checked_point(float(x), -float(y)))
                case [word, *_] if not word.startswith("."):
                    raise ValueError("neither a command nor two numbers")
        except (IndexError, ValueError) as error:
            raise ValueError(f"line {number} of the UNIPEN text, {line.strip()!r}: {error}") from error
    return found
