"""Tags of cells that are not for everybody."""

from collections.abc import Set

from nbformat import NotebookNode

SOLUTION = "solution"
"""Of an answer to an exercise: it is in no handout, and it is not executed in batch."""

LESSON = "lesson"
"""Of what explains the result and is no part of it: it is not executed in batch, where runs are many."""

ONLY_OPEN = frozenset({SOLUTION, LESSON})
"""What is executed in an open notebook only."""


def tags_of(cell: NotebookNode) -> set[str]:
    """Return the tags of a cell."""
    return {*cell.metadata.get("tags", [])}


def without(notebook: NotebookNode, tags: Set[str]) -> NotebookNode:
    """Return a notebook without the cells that have one of these tags; the one that is given loses them, too."""
    notebook.cells = [cell for cell in notebook.cells if not tags & tags_of(cell)]
    return notebook
