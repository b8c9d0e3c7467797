"""From a run to the model that ships with the package, and the card that says what it is."""

import json
import shutil
from pathlib import Path
from typing import Any

from mnistlab.errors import RunError
from mnistlab.runs.run import Run
from mnistlab.system.files import replacing
from mnistlab.system.run_files import MODEL, WEIGHTS

SHIPPED = (WEIGHTS, MODEL)
"""Files of a run that go into the package: for Keras and for LiteRT."""

REFERENCE = ("report.html", "run.json", "history.csv", "history.png")
"""Files of a run that its reference report consists of."""


TEMPLATE = Path(__file__).parent / "card.md"


def ship(run: Run, package: Path, reference: Path) -> None:
    """Put a run's model, with its card, into the package, and its report among the references.

    Parameters
    ----------
    run : Run
        Complete and evaluated.
    package : Path
        Gets the weights, ``model.tflite``, ``card.json`` and ``CARD.md``.
    reference : Path
        Gets a folder named after the run.

    Raises
    ------
    RunError
        If the run is not complete or not evaluated on MNIST.
    """
    card = make_card(run)
    page = _page(card)
    package.mkdir(parents=True, exist_ok=True)
    (reference / run.name).mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        _copy(run.path / name, package / name)
    for name in REFERENCE:
        _copy(run.path / name, reference / run.name / name)
    for name, content in (("card.json", json.dumps(card, indent=2) + "\n"), ("CARD.md", page)):
        with replacing(package / name) as unfinished:
            unfinished.write_text(content, encoding="utf-8")


def make_card(run: Run) -> dict[str, Any]:
    """Return what there is to know about a run's model, ready for JSON; errors are those of `ship`."""
    info = run.info
    if run.state != "complete" or "drawn_digits" not in info:
        raise RunError(f"{run.name} is not complete and evaluated: run 'mnistlab train', which does both")
    if "mnist" not in str(run.dataset):
        raise RunError(f"{run.name} was trained and tested on {run.dataset}: what ships is tested on MNIST")
    if info["drawn_digits"]["drawings"] != "uji":
        raise RunError(f"{run.name} was not measured on the UJI drawings: put them in uji/ under MNISTLAB_DATA_DIR")
    return {
        "name": info["parameters"]["preset"],
        "run": run.name,
        "dataset": info["dataset"],
        "seed": info["seed"],
        "git": info["git"],
        "versions": info["versions"],
        "hardware": info["hardware"],
        "finished": info["finished"],
        "metrics": run.metrics,
        "drawn_digits": info["drawn_digits"],
    }


def _copy(source: Path, target: Path) -> None:
    with replacing(target) as unfinished:
        shutil.copyfile(source, unfinished)


def _page(card: dict[str, Any]) -> str:
    metrics, drawn = card["metrics"], card["drawn_digits"]
    rows = "\n".join(
        f"| {name} | {row['accuracy']:.2%} | {row['low']:.2%} to {row['high']:.2%} | {row['mistakes']:.0f} |"
        for name, row in drawn["conditions"].items()
    )
    return TEMPLATE.read_text(encoding="utf-8").format(
        card=card,
        metrics=metrics,
        drawn=drawn,
        rows=rows,
        versions=", ".join(f"{name} {version}" for name, version in card["versions"].items()),
        commit=str(card["git"]["commit"])[:12] + (" with uncommitted changes" if card["git"]["dirty"] else ""),
        minutes=metrics["training_seconds"] / 60,
    )
