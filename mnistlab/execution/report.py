"""A run's executed notebooks as one page to read."""

from pathlib import Path

import nbformat

from mnistlab.execution.plan import notebooks
from mnistlab.plots.html import clean, content_policy
from mnistlab.plots.tables import ARROWS, SCRIPT
from mnistlab.runs.snapshot import RunSnapshot
from mnistlab.system.files import replacing
from mnistlab.system.run_files import REPORT

TEMPLATE = Path(__file__).parent / "report_template"


def export_html(run: RunSnapshot) -> Path:
    """Write a run's executed notebooks as one self-contained ``report.html``.

    Its first lines say what the run is: state, dataset, parameters, metrics, code, versions, machine. What
    the notebooks and the record hold is shown and never executed: the page has one script, which sorts tables.
    A notebook that cannot be read, because it was damaged since, is left out.

    Returns
    -------
    Path
        The page.
    """
    from nbconvert import HTMLExporter  # late: planning a run does not need it

    page = nbformat.v4.new_notebook(metadata={"title": _title(run), "mnistlab": run.record.write()})
    for source in notebooks():
        page.cells += executed_cells(run.path / executed_name(source))
    script = SCRIPT.read_text(encoding="utf-8")
    exporter = HTMLExporter(
        template_name=TEMPLATE.name, extra_template_basedirs=[str(TEMPLATE.parent)], sanitize_html=True
    )
    exporter.register_filter("clean_html", clean)
    html, _ = exporter.from_notebook_node(page, {"script": script, "policy": content_policy(script), "css": ARROWS})
    report = run.path / REPORT
    with replacing(report) as unfinished:
        unfinished.write_text(html, encoding="utf-8")
    return report


def executed_cells(notebook: Path) -> list[nbformat.NotebookNode]:
    """Return the cells of an executed notebook; none if it is missing or cannot be read."""
    try:
        cells: list[nbformat.NotebookNode] = nbformat.read(notebook, as_version=4).cells
    except (OSError, ValueError, AttributeError, KeyError, TypeError):  # nbformat raises many kinds
        return []
    return cells


def executed_name(source: Path) -> str:
    """``train.ipynb`` for ``02_train.ipynb``."""
    return source.name.partition("_")[2]


def _title(run: RunSnapshot) -> str:
    return " · ".join(part for part in (run.notebook, run.dataset, run.accuracy or run.state) if part)
