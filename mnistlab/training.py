"""One training loop, driven by one frozen config."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path
from time import perf_counter

import numpy as np

from mnistlab.backend import keras
from mnistlab.data import Digits
from mnistlab.files import replacing
from mnistlab.history import Epoch, History
from mnistlab.model import build_model
from mnistlab.plots import history_png
from mnistlab.preprocessing import model_input
from mnistlab.presets import TrainConfig
from mnistlab.progress import Progress, live_progress

BEST_WEIGHTS = "checkpoints/best.weights.h5"
"""In a run's folder: the weights with the best validation accuracy so far."""

LAST_EPOCH = "checkpoints/last.keras"
"""In a run's folder: model and optimizer after the last finished epoch."""

ORIGIN = "checkpoints/origin.json"
"""In a run's folder: config and data that the checkpoints were made from."""


def train(
    config: TrainConfig, train: Digits, validation: Digits, run_dir: Path, progress: Progress | None = None
) -> History:
    """Train a model, keeping the weights with the best validation accuracy.

    Called again with the same config, data and folder it goes on after the last finished epoch, and
    comes to the same numbers as if it had not been interrupted.

    Parameters
    ----------
    config : TrainConfig
    train, validation : Digits
    run_dir : Path
        Gets ``checkpoints/best.weights.h5``, ``model.weights.h5`` (the same weights, once the
        training is over), ``history.csv`` and ``history.png``.
    progress : Progress, optional
        Who is told; chosen by where the process runs if left out.

    Returns
    -------
    History
        The finished epochs. A training that was stopped in its first epoch has that one, cut short.
    """
    progress = progress or live_progress()
    journal = _Journal(config, run_dir, progress)
    model = journal.resume(_origin(config, train, validation), _steps(config, train)) or _compiled(config)
    progress.begin(journal.history, config.epochs, _steps(config, train))
    if not journal.finished:
        model.fit(
            _batches(config, train, first_epoch=len(journal.history)),
            steps_per_epoch=_steps(config, train),
            initial_epoch=len(journal.history),
            epochs=config.epochs,
            validation_data=(model_input(validation.images), validation.labels),
            validation_batch_size=1000,
            callbacks=[journal],
            shuffle=False,  # the batches come shuffled
            verbose=0,
        )
    model.load_weights(run_dir / BEST_WEIGHTS)
    with replacing(run_dir / "model.weights.h5") as unfinished:
        model.save_weights(unfinished)
    progress.end(journal.history)
    return journal.history


def load_trained(run_dir: Path) -> keras.Model:
    """Return the model that `train` left in a folder, with its best weights."""
    architecture = json.loads((run_dir / ORIGIN).read_text())["architecture"]
    model = build_model(architecture)
    model.load_weights(run_dir / BEST_WEIGHTS)
    return model


class _Journal(keras.callbacks.Callback):
    """Writes down each epoch, keeps the best weights, and decides when to end."""

    def __init__(self, config: TrainConfig, run_dir: Path, progress: Progress) -> None:
        super().__init__()
        self.config, self.run_dir, self.progress = config, run_dir, progress
        self.history = History()
        self.checkpoint = run_dir / LAST_EPOCH
        self.origin = run_dir / ORIGIN

    @property
    def finished(self) -> bool:
        return len(self.history) >= self.config.epochs or self.history.epochs_since_best >= self.config.patience

    def resume(self, origin: str, steps: int) -> keras.Model | None:
        """Return the model of the last finished epoch, if this very training left one here."""
        if self.checkpoint.exists() and self.origin.exists() and self.origin.read_text() == origin:
            model = keras.saving.load_model(self.checkpoint)
            finished_epochs = int(model.optimizer.iterations) // steps
            self.history = History.read(self.run_dir / "history.csv").up_to(finished_epochs)
            return model
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        self.checkpoint.unlink(missing_ok=True)
        with replacing(self.origin) as unfinished:
            unfinished.write_text(origin)
        return None

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._started = perf_counter()
        self._cut_short = False

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        self.progress.batch(len(self.history) + 1, logs["loss"], logs["accuracy"])
        if self.progress.stop_asked:
            self._cut_short = batch + 1 < self.params["steps"]
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        if self._cut_short and self.history.epochs:
            return
        seconds = perf_counter() - self._started
        record = Epoch(epoch + 1, logs["loss"], logs["accuracy"], logs["val_loss"], logs["val_accuracy"], seconds)
        self.history = self.history.plus(record)
        if self.history.best is record:
            with replacing(self.run_dir / BEST_WEIGHTS) as unfinished:
                self.model.save_weights(unfinished)
        self.history.write(self.run_dir / "history.csv")
        with replacing(self.run_dir / "history.png") as unfinished:
            unfinished.write_bytes(history_png(self.history))
        if not self._cut_short:  # last, so that what it says is finished has been written
            with replacing(self.checkpoint) as unfinished:
                self.model.save(unfinished)
        self.progress.epoch(self.history)
        self.model.stop_training = self.finished or self.progress.stop_asked


def _origin(config: TrainConfig, train: Digits, validation: Digits) -> str:
    """What a checkpoint was made from: another config or other data must not go on with it."""
    return json.dumps({**asdict(config), "train": train.sha256, "validation": validation.sha256})


def _compiled(config: TrainConfig) -> keras.Model:
    keras.utils.set_random_seed(config.seed)
    model = build_model(config.architecture)
    model.compile(
        keras.optimizers.Adam(config.learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def _steps(config: TrainConfig, train: Digits) -> int:
    return -(-len(train) // config.batch_size)


def _batches(config: TrainConfig, train: Digits, first_epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Shuffled batches without end; the order within an epoch depends on nothing but seed and epoch."""
    for epoch in count(first_epoch):
        order = np.random.default_rng((config.seed, epoch)).permutation(len(train))
        for start in range(0, len(train), config.batch_size):
            chosen = order[start : start + config.batch_size]
            yield model_input(train.images[chosen]), train.labels[chosen]
