"""A run's executed notebooks as one page to read."""

from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

from mnistlab.execution.plan import notebooks
from mnistlab.runs.run import Run
from mnistlab.system.files import replacing
from mnistlab.system.run_files import REPORT

TEMPLATE = Path(__file__).parent / "report_template"


def export_html(run: Run) -> Path:
    """Write a run's executed notebooks as one self-contained ``report.html``.

    Its first lines say what the run is: state, dataset, parameters, metrics, code, versions, machine.

    Returns
    -------
    Path
        The page.
    """
    page = nbformat.v4.new_notebook(metadata={"title": _title(run), "mnistlab": run.record.write()})
    for source in notebooks():
        executed = run.path / executed_name(source)
        if executed.exists():
            page.cells += nbformat.read(executed, as_version=4).cells
    exporter = HTMLExporter(template_name=TEMPLATE.name, extra_template_basedirs=[str(TEMPLATE.parent)])
    html, _ = exporter.from_notebook_node(page)
    report = run.path / REPORT
    with replacing(report) as unfinished:
        unfinished.write_text(html, encoding="utf-8")
    return report


def executed_name(source: Path) -> str:
    """``train.ipynb`` for ``02_train.ipynb``."""
    return source.name.partition("_")[2]


def _title(run: Run) -> str:
    return " · ".join(part for part in (run.notebook, run.dataset, run.accuracy or run.state) if part)
