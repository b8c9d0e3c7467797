"""UNIPEN train_r01_v07: isolated digits, letters and signs by seven contributors, from the release's archive."""

import re
import tarfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.formats.unipen_labels import WRONG_LABELS
from mnistlab.strokes import Drawing, Stroke

DIGIT_COUNTS = {"apa": 692, "apb": 2033, "app": 1046, "art": 170, "ibm": 1571, "imp": 257, "syn": 4554}
"""Isolated digits of each contributor that is read. No other contributor's digits are ever trained on."""

PUBLISHED = ", ".join(f"{contributor} {count}" for contributor, count in DIGIT_COUNTS.items())

CATEGORIES = {"digits": "1a", "capitals": "1b", "small letters": "1c", "signs": "1d"}
"""Names of the release's folders of isolated characters."""

MAX_TEXT = 200_000_000
"""Bytes of text to read from an archive, at most: about three times what the seven contributors have."""

_BLOCK = re.compile(r"^\.", re.MULTILINE)  # before a keyword and what follows it
_SEGMENT = re.compile(r"SEGMENT\s+CHARACTER\s+(\S+)\s+\S+\s+\"(.*)\"\s*$", re.DOTALL)
_NUMBERS_APART = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?$")


class Character(NamedTuple):
    """A drawing of one character."""

    drawing: Drawing  # y downwards, in the units of its tablet
    text: str  # what the release says it is: some are wrong
    writer: str  # as the release names its writers
    contributor: str  # one of `DIGIT_COUNTS`


class _Component(NamedTuple):
    points: Stroke  # y downwards
    writer: str
    is_down: bool


def read_unipen_digits(archive: Path) -> list[LabelledDrawing]:
    """Read the isolated digits of the seven contributors.

    Parameters
    ----------
    archive : Path
        The release, ``unipen-CDROM-train_r01_v07.tgz``, or a part of it in the same layout.

    Returns
    -------
    list of LabelledDrawing
        In the order of the files' names; for the writers see `writer_numbers`, for wrong labels `WRONG_LABELS`.

    Raises
    ------
    ValueError
        If the archive is damaged, or a contributor has more or fewer digits than the release.
    """
    characters = read_characters(archive, "digits")
    found = Counter(character.contributor for character in characters)
    for contributor, expected in DIGIT_COUNTS.items():
        if found[contributor] != expected:
            raise ValueError(
                f"expected {expected:,} digits of the contributor {contributor}, found {found[contributor]:,}"
            )
    numbers = writer_numbers(characters)
    wrong = {position for positions in WRONG_LABELS.values() for position in positions}
    return [
        LabelledDrawing(c.drawing, int(c.text), numbers[c.contributor, c.writer], position in wrong)
        for position, c in enumerate(characters)
    ]


def verified_counts(archive: Path) -> str:
    """Return how many digits each contributor has, as published; the errors are those of `read_unipen_digits`."""
    read_unipen_digits(archive)
    return PUBLISHED


def writer_numbers(digits: Sequence[Character]) -> dict[tuple[str, str], int]:
    """Return a number, from 1, for each contributor's writers of digits, in the order of their names."""
    return {writer: n for n, writer in enumerate(sorted({(c.contributor, c.writer) for c in digits}), start=1)}


def read_characters(archive: Path, category: str) -> list[Character]:
    """Read isolated characters of the seven contributors.

    Parameters
    ----------
    archive : Path
        As for `read_unipen_digits`; it is read in place.
    category : {"digits", "capitals", "small letters", "signs"}

    Returns
    -------
    list of Character
        In the order of the files' names.

    Raises
    ------
    ValueError
        If the archive is damaged; the message says what is wrong, and in which of its files.

    References
    ----------
    I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet: UNIPEN project of on-line data
    exchange and recognizer benchmarks, ICPR 1994. doi 10.5281/zenodo.1195803.
    """
    folder = CATEGORIES[category]
    texts = _read_texts(archive, folder)
    found: list[Character] = []
    for name in sorted(texts):
        if name.startswith("data/"):
            try:
                found += _characters(texts, name)
            except ValueError as error:
                raise ValueError(f"{name} in the archive: {error}") from error
    return found


def _read_texts(archive: Path, folder: str) -> dict[str, str]:
    """Return the seven contributors' files of one category and all that these can include, by their names."""
    wanted = re.compile(rf"(?:.*/)?((?:data/{folder}|include)/(?:{'|'.join(DIGIT_COUNTS)})/.+)")
    texts, size = dict[str, str](), 0
    try:
        with tarfile.open(archive, "r|gz") as members:
            for member in members:
                if member.isfile() and (match := wanted.fullmatch(member.name)):
                    size += member.size
                    if size > MAX_TEXT:
                        raise ValueError(f"more than {MAX_TEXT // 1_000_000} MB of text")
                    file = members.extractfile(member)
                    assert file is not None  # only a link or a folder has none
                    texts[match[1]] = file.read().decode("latin-1")
    except (EOFError, tarfile.TarError, zlib.error) as error:
        raise ValueError(f"not a complete tar archive compressed with gzip ({error})") from error
    return texts


def _characters(texts: dict[str, str], name: str) -> Iterator[Character]:
    """Yield the characters of a file of segments."""
    components: list[_Component] = []
    segments = []
    contributor = name.split("/")[2]
    for block in _BLOCK.split(texts[name])[1:]:
        if block.startswith("INCLUDE"):
            components += _components(_included(texts, block.split()[1]))
        elif match := _SEGMENT.match(block):
            segments.append(match.groups())
    for delineation, text in segments:
        parts = [part for span in delineation.split(",") for part in _cut(components, span)]
        strokes = [part.points for part in parts if part.is_down]
        if not strokes:
            raise ValueError(f"the segment {delineation} has no strokes")
        yield Character(strokes, re.sub(r"\\(.)", r"\1", text), parts[0].writer, contributor)


def _included(texts: dict[str, str], name: str) -> str:
    if f"include/{name}" not in texts:
        raise ValueError(f"it includes {name}, which is not in the archive")
    return texts[f"include/{name}"]


def _components(text: str) -> Iterator[_Component]:
    """Yield the components of an included file; those without points are not counted."""
    columns, axes, writer = 2, (0, 1), ""
    for block in _BLOCK.split(text)[1:]:
        keyword, *rest = block.split()
        if keyword == "COORD":
            columns, axes = len(rest), (rest.index("X"), rest.index("Y"))
        elif keyword == "WRITER_ID" and rest:
            writer = rest[0]
        elif keyword in ("PEN_DOWN", "PEN_UP") and rest:
            if len(rest) % columns:
                raise ValueError(f"{len(rest)} numbers do not fill rows of {columns}")
            across, up = (map(float, rest[axis::columns]) for axis in axes)
            yield _Component([(x, -y) for x, y in zip(across, up, strict=True)], writer, keyword == "PEN_DOWN")


def _cut(components: list[_Component], span: str) -> list[_Component]:
    """Return the components of ``7``, ``7-9`` or, cut at points, ``7:12-9:3``; both ends belong to it."""
    match = _NUMBERS_APART.match(span)
    if not match:
        raise ValueError(f"{span!r} is not a range of components")
    first, first_point, last, last_point = (int(number) if number else None for number in match.groups())
    assert first is not None
    last = first if last is None else last
    if not first <= last < len(components):
        raise ValueError(f"the range {span} does not lie within the {len(components)} components")
    chosen = components[first : last + 1]
    if last_point is not None:
        chosen[-1] = chosen[-1]._replace(points=chosen[-1].points[: last_point + 1])
    if first_point is not None:
        chosen[0] = chosen[0]._replace(points=chosen[0].points[first_point:])
    return chosen
