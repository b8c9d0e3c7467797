"""Model files in LiteRT's format: checked, loaded and run."""

import hashlib
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from mnistlab.errors import RunError
from mnistlab.logits import CLASSES
from mnistlab.preprocessing import SIDE, model_input
from mnistlab.system.files import open_regular
from mnistlab.system.json_objects import parse_json, read_text
from mnistlab.system.run_files import CARD, RUN_JSON
from mnistlab.system.stderr import native_stderr_discarded
from mnistlab.system.threads import allotted_threads

BATCH_SIZE = 250
"""Images given to the model at a time: larger batches are not faster."""

MAX_MEGABYTES = 200
"""Size of the largest model that is loaded."""

TRIAL_TIMEOUT = 120
"""Seconds that a model whose sha256 is not known may take for its first answers."""

TRIAL_MEMORY = 4 << 30
"""Bytes of address space that it may take for them, where the system can limit that."""


class LiteRTModel:
    """A model that takes float32 `(N, 28, 28, 1)`, 0 to 1, and gives ten or eleven logits; for any number of threads.

    Parameters
    ----------
    path : Path
        Where it was read from, for errors.
    content : bytes
        The file's content. It must have been checked: LiteRT may end the process on a damaged one.
    """

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self.content = path, content
        self._thread_data = threading.local()  # an interpreter can be used by one thread at a time

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return the logits of images, uint8 `(N, 28, 28)`: float32 `(N, 10)`, or `(N, 11)` as `mnistlab.logits` says.

        Raises
        ------
        RunError
            If the model takes or gives something else, or gives NaN or infinity.
        """
        count = len(images)
        if count == 0:  # the model takes no empty batch, and only it knows how many logits it gives
            images = np.zeros((1, SIDE, SIDE), np.uint8)
        batches = [self._batch(images[start : start + BATCH_SIZE]) for start in range(0, len(images), BATCH_SIZE)]
        logits = np.concatenate(batches)[:count]
        if not np.isfinite(logits).all():
            raise unusable(self.path, "gives no numbers, its weights are damaged")
        return logits

    def _batch(self, images: np.ndarray) -> np.ndarray:
        try:
            interpreter = self._interpreter(len(images))
            interpreter.set_tensor(interpreter.get_input_details()[0]["index"], model_input(images))
            interpreter.invoke()
            logits = np.asarray(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
        except (RuntimeError, ValueError, IndexError) as error:  # LiteRT's, never the images' fault
            raise unusable(self.path, f"cannot be used ({' '.join(str(error).split())[:200]})") from error
        if logits.shape not in [(len(images), CLASSES), (len(images), CLASSES + 1)] or logits.dtype != np.float32:
            raise unusable(self.path, f"gives {logits.dtype} {logits.shape} for {len(images)} images")
        return logits

    def _interpreter(self, count: int) -> Interpreter:
        """This thread's interpreter, ready for this number of images."""
        kept = vars(self._thread_data)
        if kept.get("count") != count:
            with native_stderr_discarded():
                interpreter = kept.get("interpreter") or Interpreter(
                    model_content=self.content, num_threads=allotted_threads()
                )
                interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], (count, SIDE, SIDE, 1))
                interpreter.allocate_tensors()
            kept.update(interpreter=interpreter, count=count)
        ready: Interpreter = kept["interpreter"]
        return ready


def load_model(path: Path, sha256: str | None) -> LiteRTModel:
    """Load a model file that has been checked: by its sha256, else by a trial in a process of its own.

    Parameters
    ----------
    path : Path
    sha256 : str or None
        That of the file as it was written, if it is known.

    Raises
    ------
    RunError
        If the file cannot be read, is damaged, too large, or that of another kind of model.
    """
    try:
        with open_regular(path) as file:
            content = file.read(1_000_000 * MAX_MEGABYTES + 1)
    except OSError as error:
        raise unusable(path, f"cannot be read ({error.strerror})") from error
    if len(content) > 1_000_000 * MAX_MEGABYTES:
        raise unusable(path, f"has more than {MAX_MEGABYTES} MB")
    if sha256 is None:
        _require_trial(path, content)
    elif (found := hashlib.sha256(content).hexdigest()) != sha256:
        raise unusable(path, f"is damaged, expected sha256 {sha256}, found {found}")
    return LiteRTModel(path, content)


def recorded_sha256(folder: Path) -> str | None:
    """Return the sha256 of the model in a folder, as its card or its run says; None if neither does."""
    for name in (CARD, RUN_JSON):
        with suppress(OSError, ValueError):
            content = parse_json(read_text(folder / name))
            sha256 = content.get("model_sha256") if isinstance(content, dict) else None
            if isinstance(sha256, str):
                return sha256
    return None


def unusable(path: Path, reason: str) -> RunError:
    """Return the error for a model file that cannot be used."""
    return RunError(f"{path} {reason}: train it again with --force, or install mnistlab again if it came with it")


def _require_trial(path: Path, content: bytes) -> None:
    """Let another process predict an image and a batch; a damaged model may end that process, but not this one."""
    import subprocess  # late: few models need it

    program = "from mnistlab.litert import try_out; try_out()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program]
    try:
        trial = subprocess.run(command, input=content, capture_output=True, timeout=TRIAL_TIMEOUT, env=environment)
    except subprocess.TimeoutExpired:
        raise unusable(path, f"gives no answer within {TRIAL_TIMEOUT} s") from None
    if trial.returncode:
        lines = trial.stderr.decode("utf-8", "replace").splitlines()
        raise unusable(path, f"is damaged or no model for digits ({lines[-1][:200] if lines else 'it crashed'})")


def try_out() -> None:
    """Predict with the model on standard input, in a process that may crash."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (TRIAL_MEMORY, TRIAL_MEMORY))
    model = LiteRTModel(Path("the model"), sys.stdin.buffer.read())
    for count in (1, BATCH_SIZE):
        model.logits(np.zeros((count, SIDE, SIDE), np.uint8))
