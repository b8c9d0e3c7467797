"""The notebooks as a class is given them: without solutions and without outputs."""

from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import nbformat

from mnistlab.system.files import replacing
from mnistlab.teaching.tags import SOLUTION, without


def write_handout(notebooks: Iterable[Path], file: Path) -> None:
    """Write a zip file that holds a folder of its name, with the notebooks in it.

    Parameters
    ----------
    notebooks : iterable of Path
    file : Path
        It is replaced if it is there.
    """
    with replacing(file) as unfinished, ZipFile(unfinished, "w", ZIP_DEFLATED) as handout:
        for path in notebooks:
            handout.writestr(f"{file.stem}/{path.name}", _as_handed_out(path))


def _as_handed_out(path: Path) -> str:
    notebook = without(nbformat.read(path, as_version=4), {SOLUTION})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return str(nbformat.writes(notebook))
