"""UJI Pen Characters v2: the digits, from UCI's text file or from the JSON."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from mnistlab.datasets.formats.files import checked_point, read_limited
from mnistlab.datasets.formats.labelled import LabelledDrawing

DIGITS = frozenset("0123456789")

SESSIONS = 2
"""Times that each writer wrote each digit."""


def read_uji(path: Path) -> list[LabelledDrawing]:
    """Read the digits of ``ujipenchars2.txt`` or ``ujipenchars2.json``.

    Parameters
    ----------
    path : Path
        A file that begins with a brace is read as JSON, any other as UCI's text.

    Returns
    -------
    list of LabelledDrawing
        In the order of label, writer (1 to 60) and session: the same list from both files. The
        coordinates are whole numbers, in 0.01 mm, y downwards.

    Raises
    ------
    ValueError
        If the file cannot be read; the message says why.

    References
    ----------
    D. Llorens, F. Prat, A. Marzal, J. M. Vilar and others: The UJIpenchars database, LREC 2008. CC BY 4.0.
    """
    text = read_limited(path).decode("utf-8", "replace")  # digits are ASCII, some other characters are not
    return _with_writers(read_glyphs(text)) if text.startswith("{") else read_pen_characters(text)


def digits_sha256(path: Path) -> str:
    """Return the sha256 of all digits in a file: the same for the text and for the JSON.

    Labels and coordinates count, the order of the digits and all other characters do not.

    Raises
    ------
    ValueError
        As `read_uji`.
    """
    digits = sorted(f"{each.label} {json.dumps(each.drawing)}" for each in read_uji(path))
    return hashlib.sha256("\n".join(digits).encode()).hexdigest()


def read_pen_characters(text: str) -> list[LabelledDrawing]:
    """Read the digits of ``ujipenchars2.txt``; other characters are left out.

    Parameters
    ----------
    text : str
        ``WORD 7 trn_UJI_W01-02`` begins a character and names its writer (01) and session (02).
        ``NUMSTROKES 1`` follows, then for each stroke ``POINTS 3 # x y x y x y``, y downwards.
        A line that begins with ``//`` is a comment.

    Returns
    -------
    list of LabelledDrawing
        In the order of label, writer and session.

    Raises
    ------
    ValueError
        If a digit is incomplete or malformed.
    """
    found = []
    for character in text.split("WORD ")[1:]:
        if character[:2].rstrip() in DIGITS:
            name, *lines = [line for line in character.splitlines() if line.strip() and not line.startswith("//")]
            try:
                found.append(_digit(name, lines))
            except ValueError as error:
                raise ValueError(f"character 'WORD {name}': {error}") from error
    return [labelled for _, labelled in sorted(found, key=lambda pair: pair[0])]


def _digit(name: str, lines: Sequence[str]) -> tuple[tuple[int, int, int], LabelledDrawing]:
    """Return a digit's label, writer and session, and the digit."""
    label, source = name.split()
    writer, session = map(int, source.rpartition("_W")[2].split("-"))
    count, *strokes = lines
    if count.split() != ["NUMSTROKES", str(len(strokes))]:
        raise ValueError(f"{count.strip()!r}, but {len(strokes)} strokes")
    return (int(label), writer, session), LabelledDrawing([_stroke(line) for line in strokes], int(label), writer)


def _stroke(line: str) -> list[tuple[int, int]]:
    count, _, numbers = line.partition("#")
    values = [int(number) for number in numbers.split()]
    points = list(zip(values[::2], values[1::2], strict=True))
    if count.split() != ["POINTS", str(len(points))]:
        raise ValueError(f"{count.strip()!r}, but {len(points)} points")
    return points


def _with_writers(drawings: Sequence[LabelledDrawing]) -> list[LabelledDrawing]:
    """Add the writers to the digits of the JSON, which keeps the order of the text but not the names."""
    counts = dict.fromkeys(range(10), 0)
    numbered = []
    for labelled in drawings:
        numbered.append(labelled._replace(writer=counts[labelled.label] // SESSIONS + 1))
        counts[labelled.label] += 1
    return numbered


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
            LabelledDrawing([[checked_point(*point) for point in stroke] for stroke in glyph], int(name), 0)
            for name, glyphs in sorted(json.loads(text)["rawData"].items())
            if len(name) == 1 and name in "0123456789"
            for glyph in glyphs
        ]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"not the JSON of glyphs: {str(error)[:200] or type(error).__name__}") from error
