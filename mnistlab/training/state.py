"""The state of a training after an epoch: a folder of files that fit together, and the one of the epoch before."""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mnistlab.errors import RunError
from mnistlab.system.files import remove, replacing, sha256_of
from mnistlab.system.json_objects import parse_json, read_text
from mnistlab.system.run_files import (
    CHECKPOINTS,
    HISTORY_CSV,
    HISTORY_PNG,
    MODEL,
    PREVIOUS_CHECKPOINTS,
    STATE,
    STATE_HISTORY,
    WEIGHTS,
)

Save = Callable[[Path], object]
"""Writes something to the path that it is given."""

UNFINISHED = f".unfinished-{CHECKPOINTS}"
"""The folder of the next state while it is written."""

RESULTS = (HISTORY_CSV, HISTORY_PNG, MODEL, WEIGHTS)
"""What a finished training leaves beside its state."""

log = logging.getLogger("mnistlab")


@dataclass(frozen=True)
class TrainingState:
    """What there is to know about a folder of checkpoints."""

    folder: Path
    origin: Mapping[str, Any]  # config and data, as `mnistlab.training.checkpoints.Checkpoints.begin` gets them
    epochs: int  # the training goes on after this many; 0 if it begins
    sha256: Mapping[str, str]  # of every other file in the folder
    results: Mapping[str, str] = field(default_factory=dict)  # sha256 of `RESULTS`, once they are exported


def read_description(folder: Path) -> TrainingState:
    """Return what a folder's ``state.json`` says; RunError if it is missing or damaged."""
    path = folder / Path(STATE).name
    try:
        content: Any = parse_json(read_text(path))
        state = TrainingState(folder, **content["state"])
        parts = (state.origin, state.sha256, state.results)
        if content["sha256"] == _checksum(content["state"]) and all(isinstance(part, dict) for part in parts):
            return state
    except (OSError, ValueError, LookupError, TypeError):
        pass
    raise RunError(f"{folder.name}/{path.name} is {'damaged' if os.path.lexists(path) else 'missing'}")


def find_state(run_dir: Path) -> tuple[TrainingState | None, str]:
    """Return the last state whose files fit together, None if there is none, and what is wrong with later ones."""
    wrong: list[str] = []
    for name in (CHECKPOINTS, PREVIOUS_CHECKPOINTS):
        if os.path.lexists(run_dir / name):
            try:
                state = read_description(run_dir / name)
                _check(state.folder, state.sha256)
                return state, ", ".join(wrong)
            except RunError as damage:
                wrong.append(str(damage))
    if not wrong and os.path.lexists(run_dir / HISTORY_CSV):
        wrong.append(f"{CHECKPOINTS} is missing")
    return None, ", ".join(wrong)


def restore(run_dir: Path) -> TrainingState | None:
    """Bring a run's folder back to the last state whose files fit together, and return that; None if there is none.

    If a later one is damaged, a warning in the log says so, and from where the training goes on.

    Raises
    ------
    RunError
        If the folder cannot be written.
    """
    state, wrong = find_state(run_dir)
    if wrong:
        goes_on = f"goes on after epoch {state.epochs}" if state and state.epochs else "begins anew"
        log.warning("%s: %s: the training %s", run_dir.name, wrong, goes_on)
    with _writing(run_dir):
        remove(run_dir / UNFINISHED)
        for path in filter(Path.is_dir, [run_dir / name for name in RESULTS]):
            log.warning("%s/%s was a folder and is removed", run_dir.name, path.name)
            remove(path)
        if state is None or state.folder.name != CHECKPOINTS:
            remove(run_dir / CHECKPOINTS)
        if state is None:
            remove(run_dir / PREVIOUS_CHECKPOINTS)
        elif state.folder.name != CHECKPOINTS:
            state = replace(state, folder=state.folder.rename(run_dir / CHECKPOINTS))
        if state and state.epochs:
            publish_history(run_dir)
        else:
            remove(run_dir / HISTORY_CSV)
    return state


def write_state(run_dir: Path, origin: Mapping[str, Any], epochs: int, saves: Mapping[str, Save]) -> None:
    """Write the next state; the one before it stays whole until the new one is, and is kept after that.

    Parameters
    ----------
    run_dir : Path
    origin, epochs
        As in `TrainingState`.
    saves : mapping of str to callable
        What writes each file, by the file's place in the run's folder.

    Raises
    ------
    RunError
        If the folder cannot be written. The state of before is still there.
    """
    unfinished, last, previous = (run_dir / name for name in (UNFINISHED, CHECKPOINTS, PREVIOUS_CHECKPOINTS))
    with _writing(run_dir):
        remove(unfinished)
        unfinished.mkdir(parents=True)
        files = {Path(name).name: save for name, save in saves.items()}
        for name, save in files.items():
            save(unfinished / name)
        sha256 = {name: sha256_of(unfinished / name) for name in files}
        _describe(TrainingState(unfinished, origin, epochs, sha256))
        if last.exists():
            remove(previous)
            last.rename(previous)
        unfinished.rename(last)


def publish_history(run_dir: Path) -> None:
    """Copy the state's history to where readers look for it."""
    with replacing(run_dir / HISTORY_CSV) as unfinished:
        shutil.copyfile(run_dir / STATE_HISTORY, unfinished)


def record_results(run_dir: Path) -> None:
    """Write down the sha256 of what a finished training has left, for `find_damage`."""
    results = {name: sha256_of(run_dir / name) for name in RESULTS if (run_dir / name).exists()}
    _describe(replace(read_description(run_dir / CHECKPOINTS), results=results))


def find_damage(run_dir: Path) -> str:
    """Return which result of a finished training is missing or damaged; empty if none is, or if it is not known."""
    with suppress(RunError):
        results = read_description(run_dir / CHECKPOINTS).results
        try:
            _check(run_dir, results)
        except RunError as damage:
            return str(damage)
    return ""


def _check(folder: Path, sha256: Mapping[str, str]) -> None:
    """Raise RunError if a file in a folder is missing, or not the one that it should be."""
    for name, expected in sha256.items():
        short = f"{folder.name}/{name}"
        try:
            found = sha256_of(folder / name)
        except OSError as error:
            raise RunError(f"{short} cannot be read ({error.strerror})") from None
        if found != expected:
            raise RunError(f"{short} is damaged")


def _describe(state: TrainingState) -> None:
    described = {name: value for name, value in vars(state).items() if name != "folder"}
    with replacing(state.folder / Path(STATE).name) as unfinished:
        unfinished.write_text(json.dumps({"state": described, "sha256": _checksum(described)}), encoding="utf-8")


def _checksum(described: object) -> str:
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


@contextmanager
def _writing(run_dir: Path) -> Iterator[None]:
    """Turn errors of the disk into a RunError that says what to do."""
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror or error}, {error.filename}" if error.filename else str(error)
        raise RunError(
            f"the training in {run_dir} cannot be saved ({reason}): make it writable or free the disk, "
            "then the same command goes on; --force begins anew"
        ) from error
