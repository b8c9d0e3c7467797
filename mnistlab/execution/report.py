"""A run's executed notebooks as one page to read, in which nothing runs that a run or its author has written."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import bleach
import nbformat
from bleach.css_sanitizer import CSSSanitizer
from nbconvert import HTMLExporter

from mnistlab.execution.plan import notebooks
from mnistlab.runs.run import Run
from mnistlab.system.files import replacing
from mnistlab.system.formatting import short
from mnistlab.system.run_files import REPORT

TEMPLATE = Path(__file__).parent / "report_template"

SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)

STYLE = re.compile(r"<style\b[^<>]*>([^<]*)</style>", re.IGNORECASE)
"""A style sheet, as pandas writes it beside its tables; what it could load is forbidden to the page."""

SHOWN = """br caption dd del details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img p pre s small span sub summary
sup table tbody td tfoot th thead tr u"""

TAGS = bleach.ALLOWED_TAGS | set(SHOWN.split())
"""Elements that show something, and nothing else."""

ATTRIBUTES = {
    "alt",
    "align",
    "border",
    "class",
    "colspan",
    "height",
    "id",
    "rowspan",
    "scope",
    "style",
    "title",
    "width",
}
"""What every element may have; `href` and `src` are for one each."""

KINDS = ("text/html", "text/markdown", "text/plain", "text/latex", "image/png", "image/jpeg", "image/svg+xml")
"""Forms of an output that a page shows without a program."""

PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,")


def export_html(run: Run) -> Path:
    """Write a run's executed notebooks as one self-contained ``report.html``.

    Its first lines say what the run is: state, dataset, parameters, metrics, code, versions, machine.
    Text is escaped, and HTML that a notebook shows is reduced to what only shows something (`clean`). The
    page's content security policy allows no script but the one that sorts tables, and loads nothing.

    Returns
    -------
    Path
        The page.
    """
    from mnistlab.plots import tables  # late: pandas

    script = tables.SCRIPT.read_text(encoding="utf-8")
    head = {"title": _title(run), "warnings": _warnings(run), "facts": _facts(run)}
    page = nbformat.v4.new_notebook(metadata={**head, "script": script, "policy": _policy(script)})
    for source in notebooks():
        executed = run.path / executed_name(source)
        if executed.exists():
            page.cells += map(_to_show, nbformat.read(executed, as_version=4).cells)
    exporter = HTMLExporter(
        template_name=TEMPLATE.name, extra_template_basedirs=[str(TEMPLATE.parent)], sanitize_html=True
    )
    exporter.register_filter("clean_html", clean)
    html, _ = exporter.from_notebook_node(page)
    report = run.path / REPORT
    with replacing(report) as unfinished:
        unfinished.write_text(html, encoding="utf-8", errors="backslashreplace")
    return report


def executed_name(source: Path) -> str:
    """``train.ipynb`` for ``02_train.ipynb``."""
    return source.name.partition("_")[2]


def clean(html: str) -> str:
    """Return HTML without scripts, forms, frames, handlers of events, and links that run something."""
    pieces = STYLE.split(SCRIPT.sub("", html))  # outside and inside a style sheet in turn; none inside holds a "<"
    return "".join(f"<style>{piece}</style>" if i % 2 else _only_visible(piece) for i, piece in enumerate(pieces))


def _only_visible(html: str) -> str:
    return bleach.clean(
        html,
        tags=TAGS,
        attributes=_is_harmless,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(),
        strip=True,
    )


def _is_harmless(tag: str, name: str, value: str) -> bool:
    """A picture lies in the page, a link does not."""
    if name == "src":
        return tag == "img" and PICTURE.match(value) is not None
    if name == "href":
        return tag == "a" and not value.strip().lower().startswith("data")
    return name in ATTRIBUTES


def _policy(script: str) -> str:
    """What the page may do: run this script, show what lies in it."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _to_show(cell: Any) -> Any:
    """A cell with what a page can show, and without metadata, which nbconvert writes beside it."""
    cell.metadata = {}
    if cell.cell_type == "code":
        for output in cell.outputs:
            if "data" in output:
                output.metadata = {}
                output.data = {kind: output.data[kind] for kind in KINDS if isinstance(output.data.get(kind), str)}
        cell.outputs = [output for output in cell.outputs if output.get("data", "of another kind")]
    return cell


def _title(run: Run) -> str:
    return " · ".join(part for part in (run.notebook, run.dataset, run.accuracy or run.state) if part)


def _warnings(run: Run) -> list[tuple[str, str]]:
    """What a reader has to know first: a word, and a sentence."""
    warnings = []
    if run.replaces_mnist:
        why = "MNIST could not be had on that machine, so scikit-learn's bundled 8x8 digits were used."
        warnings.append(("Not MNIST", f"{why} No number on this page says anything about MNIST."))
    if run.record.error:
        warnings.append((run.state.capitalize(), run.reason))
    return warnings


def _facts(run: Run) -> list[tuple[str, str]]:
    """What the run is: names and values."""
    record = run.record
    facts = {"state": f"{record.state}, started {record.started}"}
    if record.dataset:
        hashes = ", ".join(str(record.dataset.sha256.get(part))[:8] for part in ("train", "test"))
        facts["dataset"] = f"{record.dataset.name} (sha256 {hashes})"
    facts["parameters"] = ", ".join(f"{name} {value}" for name, value in record.parameters.items())
    if record.metrics:
        metrics = {str(name).replace("_", " "): value for name, value in record.metrics.items()}
        facts["metrics"] = ", ".join(
            f"{name} {f'{value:.4g}' if isinstance(value, int | float) else value}" for name, value in metrics.items()
        )
    changed = " with uncommitted changes" if record.git.get("dirty") else ""
    facts["code"] = f"commit {short(record.git.get('commit'))}{changed}"
    facts["versions"] = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    machine, cores, memory, system = (
        record.hardware.get(name) for name in ("machine", "cores", "memory_gib", "system")
    )
    facts["machine"] = f"{machine}, {cores} cores, {memory} GiB, {system}"
    return list(facts.items())
