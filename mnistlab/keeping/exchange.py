"""Kept drawings of many people in one file, and kept drawings for other programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from mnistlab.errors import DataNotFoundError, WorkbenchError
from mnistlab.keeping.drawing import KeptDrawing, writer_name
from mnistlab.keeping.file import FILE, Contents, KeptDrawings


@dataclass(frozen=True)
class Merged:
    """What a merge has done."""

    added: int  # drawings that were not in the file yet, or have got another label since
    known: int  # drawings that were in it already
    sources: dict[Path, Contents]  # what was in each of the other files


def merge(paths: Sequence[Path], into: KeptDrawings) -> Merged:
    """Add the drawings of several files to one. The same drawing is added once; of two labels the later one counts.

    Parameters
    ----------
    paths : sequence of Path
        Files of kept drawings. A drawing without a writer gets the file's name without its ending; that of the
        folder if the file is called ``drawings.jsonl``, as everybody's is at first.
    into : KeptDrawings
        It may be one of these files.

    Raises
    ------
    DataNotFoundError
        If one of the files is missing; nothing has been added then.
    WorkbenchError, OSError
        As `KeptDrawings.read` and `KeptDrawings.add`.
    """
    for path in paths:
        if not path.exists():
            raise DataNotFoundError(f"there is no file {path}: name a file of kept drawings")
    sources = {path: KeptDrawings(path).read() for path in paths}
    latest = {drawing.id: drawing for drawing in into.read().drawings}
    added = 0
    for path, contents in sources.items():
        for drawing in contents.drawings:
            if drawing.id not in latest or drawing.moment > latest[drawing.id].moment:
                latest[drawing.id] = replace(drawing, writer=drawing.writer or _writer_of(path))
                into.add(latest[drawing.id])
                added += 1
    return Merged(added, sum(len(contents.drawings) for contents in sources.values()) - added, sources)


def export(drawings: Iterable[KeptDrawing], folder: Path) -> None:
    """Write drawings for other programs: ``drawings.jsonl``, and a picture ``<label>-<id>.png`` of each.

    Parameters
    ----------
    drawings : iterable of KeptDrawing
        Each line of ``drawings.jsonl`` has one, as in the file that they come from. Its picture has the size of its
        canvas, light ink on a dark background.
    folder : Path
        It is made if it is not there.

    Raises
    ------
    WorkbenchError
        If there is something in the folder.
    OSError
        If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise WorkbenchError(f"{folder} is not empty: name a new folder")
    with (folder / FILE).open("wb") as file:
        for drawing in drawings:
            file.write(drawing.line())
            Image.fromarray(drawing.picture()).save(folder / f"{drawing.label}-{drawing.id}.png")


def _writer_of(path: Path) -> str:
    whole = path.resolve()
    return writer_name(whole.parent.name if whole.name == FILE else whole.stem)
