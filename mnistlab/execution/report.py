"""A run's executed notebooks as one page to read."""

from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

from mnistlab.execution.plan import notebooks
from mnistlab.execution.sanitize import clean, content_policy
from mnistlab.plots.tables import ARROWS, SCRIPT
from mnistlab.runs.run import Run
from mnistlab.system.files import replacing
from mnistlab.system.run_files import REPORT

TEMPLATE = Path(__file__).parent / "report_template"


def export_html(run: Run) -> Path:
    """Write a run's executed notebooks as one self-contained ``report.html``.

    Its first lines say what the run is: state, dataset, parameters, metrics, code, versions, machine. What
    the notebooks and the record hold is shown and never executed: the page has one script, which sorts tables.

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


def executed_name(source: Path) -> str:
    """``train.ipynb`` for ``02_train.ipynb``."""
    return source.name.partition("_")[2]


def _title(run: Run) -> str:
    return " · ".join(part for part in (run.notebook, run.dataset, run.accuracy or run.state) if part)
