"""Make a run's model the one that ships with the package, with its model card."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mnistlab.errors import RunError
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run
from mnistlab.system.files import replacing
from mnistlab.system.run_files import CARD, HISTORY_CSV, HISTORY_PNG, MODEL, REPORT, RUN_JSON, WEIGHTS

SHIPPED = (WEIGHTS, MODEL)
"""Files of a run that go into the package: for Keras and for LiteRT."""

REFERENCE = (REPORT, RUN_JSON, HISTORY_CSV, HISTORY_PNG)
"""Files of a run that go into its reference report."""

_CONDITION = "{drawings}", "{condition}", "{accuracy:.2%}", "{low:.2%} to {high:.2%}", "{mistakes:.0f}"
_STYLE = "{style}", "{accuracy:.1%}"
_OUTLIER = "{kind}", "{images:,}", "{eleventh logit:.4f}", "{largest logit:.4f}", "{energy:.4f}", "{accepted:.1%}"
_NUMBERS = "{set}", "{numbers:.0f}", "{drawing:.1%}", "{grouping:.1%}", "{picture:.1%}", "{clear_picture:.1%}"

TEMPLATE = Path(__file__).parent / "card.md"


def ship(run: Run, package: Path, reference: Path) -> None:
    """Copy a run's model and its card into the package, and its report into the reference reports.

    Parameters
    ----------
    run : Run
        Complete and evaluated.
    package : Path
        The folder for the weights, ``model.tflite``, ``card.json`` and ``CARD.md``.
    reference : Path
        The folder in which the report gets a folder named after the run.

    Raises
    ------
    RunError
        If the run is not complete or not evaluated on MNIST, or its model is damaged.
    """
    card = make_card(run, run.path)
    page = card_text(card)
    package.mkdir(parents=True, exist_ok=True)
    (reference / run.name).mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        _copy(run.path / name, package / name)
    for name in REFERENCE:
        _copy(run.path / name, reference / run.name / name)
    for name, content in ((CARD, json.dumps(card, indent=2) + "\n"), ("CARD.md", page)):
        with replacing(package / name) as unfinished:
            unfinished.write_text(content, encoding="utf-8")


def make_card(run: Run, folder: Path) -> dict[str, Any]:
    """Return the facts about a run's model, whose files are in a folder, for its card; errors are those of `ship`."""
    record, drawn = run.record, run.record.extra.get("drawn_digits")
    if run.state != RunState.COMPLETE or drawn is None or record.dataset is None:
        raise RunError(f"{run.name} is not complete and evaluated: run 'mnistlab train', which does both")
    if "mnist" not in record.dataset.name:
        raise RunError(f"{run.name} was trained and tested on {run.dataset}: a shipped model is tested on MNIST")
    if drawn["drawings"] != "all":
        raise RunError(f"{run.name} was not measured on all drawings: 'mnistlab fetch', then evaluate it again")
    model_sha256 = _sha256(folder / MODEL)
    if record.model_sha256 not in (None, model_sha256):
        raise RunError(f"{folder / MODEL} is not the model that {run.name} wrote: train it again with --force")
    return {
        "name": record.parameters["preset"],
        "run": run.name,
        "dataset": record.dataset.write(),
        "seed": record.seed,
        "git": record.git,
        "versions": record.versions,
        "hardware": record.hardware,
        "finished": record.finished,
        "model_sha256": model_sha256,
        "weights_sha256": _sha256(folder / WEIGHTS),
        "metrics": run.metrics,
        "drawn_digits": drawn,
        "styles": record.extra["styles"],
        "slashed_zeros": record.extra["slashed_zeros"],
        "outliers": record.extra["outliers"],
        "numbers": record.extra["numbers"],
    }


def card_text(card: dict[str, Any]) -> str:
    """Return the card as Markdown, from the facts that `make_card` returns."""
    return TEMPLATE.read_text(encoding="utf-8").format(
        card=card,
        metrics=card["metrics"],
        drawn=card["drawn_digits"],
        conditions=_rows(card["drawn_digits"]["conditions"], _CONDITION),
        styles=_rows([{"style": style, "accuracy": share} for style, share in card["styles"].items()], _STYLE),
        zeros=", ".join(f"{share:.1%} of {name}'s" for name, share in card["slashed_zeros"].items()),
        outliers=_rows([{"kind": kind, **row} for kind, row in card["outliers"]["kinds"].items()], _OUTLIER),
        numbers=_rows([{"set": name, **row} for name, row in card["numbers"].items()], _NUMBERS),
        versions=", ".join(f"{name} {version}" for name, version in card["versions"].items()),
        commit=str(card["git"]["commit"])[:12] + (" with uncommitted changes" if card["git"]["dirty"] else ""),
        minutes=card["metrics"]["training_seconds"] / 60,
    )


def _rows(rows: Sequence[Mapping[str, Any]], cells: Sequence[str]) -> str:
    """Lines of a Markdown table: each cell is a format of a row's values."""
    return "\n".join("| " + " | ".join(cell.format(**row) for cell in cells) + " |" for row in rows)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _copy(source: Path, target: Path) -> None:
    with replacing(target) as unfinished:
        shutil.copyfile(source, unfinished)
