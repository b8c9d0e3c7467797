"""The code cells of a notebook, run in this process: faster than in a kernel, to see what parameters do to them."""

from typing import Any

import nbformat
from IPython.display import display

from mnistlab.execution.plan import find_notebook


def run_cells(name: str, /, **parameters: object) -> None:
    """Run all code cells of a notebook, with some of its parameters changed."""
    values: dict[str, Any] = {"display": display}  # a kernel has it, too
    for cell in nbformat.read(find_notebook(name), as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, values)
        if "parameters" in cell.metadata.get("tags", []):
            assert parameters.keys() <= values.keys()
            values |= parameters
