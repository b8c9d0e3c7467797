"""Keras callbacks: they measure and save while `fit` runs, and set the step size."""

from collections.abc import Callable
from math import ceil, cos, pi
from pathlib import Path
from time import perf_counter

import numpy as np

from mnistlab.datasets.digits import Digits
from mnistlab.errors import require_extra
from mnistlab.evaluation.metrics import accuracy, infer
from mnistlab.logits import digit_logits
from mnistlab.runs.history import Epoch, Point
from mnistlab.system.backend import keras
from mnistlab.training.checkpoints import Checkpoints, TrainingLength
from mnistlab.training.learner.examples import examples_of
from mnistlab.training.presets import TrainConfig
from mnistlab.training.progress import Progress
from mnistlab.training.snapshots.files import SnapshotWriter

VALIDATIONS = 10
"""How often a training is validated at least."""

POINTS_PER_VALIDATION = 5
"""Points of the training curve for each one of the validation curve."""

VALIDATION_IMAGES = 200
"""Images for a validation within an epoch: few, so that `fast` spends under 3 % of its time on ten of them."""


class Recorder(keras.callbacks.Callback):
    """Measures loss and accuracy within the epochs, saves after each, and stops when told to.

    Nothing of it changes the training: the measuring calls the model directly, which leaves alone the running
    metrics of `fit`, the random numbers and the statistics of batch normalisation.

    Parameters
    ----------
    checkpoints : Checkpoints
    progress : Progress
    validate : callable
        Takes a model, returns loss and accuracy on a part of the validation images.
    snapshots : SnapshotWriter, optional
        Writes the weights after each epoch.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        progress: Progress,
        validate: Callable[[keras.Model], tuple[float, float]],
        snapshots: SnapshotWriter | None,
    ) -> None:
        super().__init__()
        self.checkpoints, self.progress, self.validate = checkpoints, progress, validate
        self.snapshots = snapshots
        self.at_steps = point_steps(checkpoints.length, checkpoints.patience)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        if not self.checkpoints.history.epochs:
            self._add_snapshot(0)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._started = perf_counter()
        self._cut_short = False
        self._previous = 0, 0.0, 0.0

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        steps = batch + 1
        self.progress.batch(len(self.checkpoints.history) + 1, logs["loss"], logs["accuracy"])
        if steps in self.at_steps:
            self._measure(steps, logs)
        if self.progress.stop_asked:
            self._cut_short = steps < self.checkpoints.length.steps_per_epoch
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        if self._cut_short and self.checkpoints.history.epochs:
            self.checkpoints.discard_unfinished_epoch()
            return
        seconds = perf_counter() - self._started
        finished = Epoch(epoch + 1, logs["loss"], logs["accuracy"], logs["val_loss"], logs["val_accuracy"], seconds)
        save_all = None if self._cut_short else self.model.save
        self._add_snapshot(epoch + 1)  # first: then every epoch that is resumed after has one
        self.checkpoints.add_epoch(finished, self.model.layers[-1].save_weights, save_all)
        self.progress.measured(self.checkpoints.history)
        self.model.stop_training = self.checkpoints.finished or self.progress.stop_asked

    def _add_snapshot(self, epoch: int) -> None:
        if self.snapshots:
            self.snapshots.add(epoch, self.model.layers[-1].get_weights())

    def _measure(self, steps: int, logs: dict[str, float]) -> None:
        """Keras reports means since the epoch began; a point has those since the previous point."""
        before, *means = self._previous
        loss, correct = (
            (steps * logs[name] - before * mean) / (steps - before)
            for name, mean in zip(("loss", "accuracy"), means, strict=True)
        )
        self._previous = steps, logs["loss"], logs["accuracy"]
        number = len(self.checkpoints.history) + steps / self.checkpoints.length.steps_per_epoch
        validated = self.validate(self.model.layers[-1]) if self.at_steps[steps] else ()
        point = Point(number, loss, min(correct, 1.0), *validated)  # rounding may give 1.0000001
        self.checkpoints.add_point(point)
        if validated:
            self.progress.measured(self.checkpoints.history)


def point_steps(length: TrainingLength, patience: int) -> dict[int, bool]:
    """Return the steps of an epoch after which a point is measured, and whether with a validation.

    A training is validated `VALIDATIONS` times at least, even if it stops as early as its patience allows.
    Each epoch ends with a validation on all images, so that 10 epochs need no other.

    Parameters
    ----------
    length : TrainingLength
    patience : int
        As in `mnistlab.training.presets.TrainConfig`.

    Returns
    -------
    dict of int to bool
        Steps, counted from 1; an epoch of few steps has fewer points.
    """
    fewest_epochs = min(length.epochs, patience + 1) if patience else length.epochs
    validations = ceil(VALIDATIONS / fewest_epochs)
    points = POINTS_PER_VALIDATION * validations
    steps = length.steps_per_epoch
    validated = {steps * part // validations for part in range(1, validations)} - {steps}
    return {step: step in validated for part in range(1, points + 1) if (step := steps * part // points)}


def validation_on_part(digits: Digits, loss: keras.losses.Loss) -> Callable[[keras.Model], tuple[float, float]]:
    """Return a function that measures a model's loss and accuracy on the first `VALIDATION_IMAGES` digits.

    Parameters
    ----------
    digits : Digits
        In random order, as `mnistlab.data.split` returns them.
    loss : keras.losses.Loss
        What the training minimises.
    """
    part = digits.take(np.arange(min(VALIDATION_IMAGES, len(digits))))
    targets = examples_of(part).targets

    def validate(model: keras.Model) -> tuple[float, float]:
        logits = infer(model, part.images)
        return float(loss(targets, logits)), accuracy(digit_logits(logits), part.labels)

    return validate


class OneCycle(keras.callbacks.Callback):
    """Sets the step size before each step: it rises to the config's, then falls to 0 along a cosine.

    Keras's own schedules compute it inside the graph once for each weight: a third of the time of `fast`.

    Parameters
    ----------
    config : TrainConfig
    steps : int
        All steps of the training.
    """

    def __init__(self, config: TrainConfig, steps: int) -> None:
        super().__init__()
        self.steps, self.highest = steps, config.learning_rate
        self.rise = max(1, round(config.warmup_fraction * steps))

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        step = int(self.model.optimizer.iterations)
        falling = max(0, step - self.rise) / max(1, self.steps - self.rise)
        self.model.optimizer.learning_rate = self.highest * min((step + 1) / self.rise, (1 + cos(pi * falling)) / 2)


def event_files(run_dir: Path) -> keras.callbacks.Callback:
    """Return the callback that writes TensorBoard's event files, epoch by epoch.

    Raises
    ------
    WorkbenchError
        If TensorBoard is not installed.
    """
    require_extra("tensorboard")
    return keras.callbacks.TensorBoard(str(run_dir / "tensorboard"), write_graph=False)
