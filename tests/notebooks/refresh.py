"""Run all notebooks at their defaults and keep what came out, as they are committed: ``make notebooks``."""

import sys
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

from mnistlab.execution.plan import notebooks
from mnistlab.teaching.tags import SOLUTION, tags_of

WIDGET = "application/vnd.jupyter.widget-view+json"
"""Of no use once the kernel is gone: a saved notebook would show an error in its place."""


def refresh(path: Path) -> None:
    """Execute a notebook in its own folder and write it back, its solutions folded."""
    notebook = nbformat.read(path, as_version=4)
    executor = ExecutePreprocessor(timeout=600, store_widget_state=False, record_timing=False)
    executor.preprocess(notebook, {"metadata": {"path": str(path.parent)}})
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
        if SOLUTION in tags_of(cell):
            fold(cell)
    nbformat.write(notebook, path)


def fold(cell: nbformat.NotebookNode) -> None:
    """Have JupyterLab show a solution only when it is asked for: its code, and all that stands below the heading."""
    if cell.cell_type == "code":
        cell.metadata["jupyter"] = {"source_hidden": True}
    elif cell.source.startswith("## "):
        cell.metadata["jp-MarkdownHeadingCollapsed"] = True


if __name__ == "__main__":
    for name in sys.argv[1:] or notebooks():
        refresh(Path(name))
