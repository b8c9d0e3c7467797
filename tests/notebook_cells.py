"""The code cells of a notebook, run in this process: quicker than a kernel, for what parameters can do to them."""

from typing import Any

import nbformat

from mnistlab.execution.plan import find_notebook


def run_cells(notebook: str, **parameters: object) -> dict[str, Any]:
    """Run all code cells with some parameters changed and return what they leave in their names."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(find_notebook(notebook), as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
        if "parameters" in cell.metadata.get("tags", []):
            assert parameters.keys() <= names.keys()
            names |= parameters
    return names
