"""One training loop, driven by one frozen config."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path
from time import perf_counter

import numpy as np

from mnistlab.augmentation import Augmentation
from mnistlab.backend import keras
from mnistlab.data import Digits
from mnistlab.evaluation import fit_temperature, infer
from mnistlab.files import MODEL, WEIGHTS, replacing
from mnistlab.history import Epoch, History
from mnistlab.model import build_model
from mnistlab.outputs import CLASSES
from mnistlab.plots import history_png
from mnistlab.preprocessing import SIDE, model_input
from mnistlab.presets import TrainConfig
from mnistlab.progress import Progress, live_progress

BEST_WEIGHTS = "checkpoints/best.weights.h5"
"""In a run's folder: the weights that would be kept if the training ended now."""

LAST_EPOCH = "checkpoints/last.keras"
"""In a run's folder: model and optimizer after the last finished epoch."""

ORIGIN = "checkpoints/origin.json"
"""In a run's folder: config and data that the checkpoints were made from."""


def train(
    config: TrainConfig, train: Digits, validation: Digits, run_dir: Path, progress: Progress | None = None
) -> History:
    """Train a model, keeping the weights of the epoch that the config asks for: the best or the last.

    Called again with the same config, data and folder it goes on after the last finished epoch, and
    comes to the same numbers as if it had not been interrupted.

    Parameters
    ----------
    config : TrainConfig
    train, validation : Digits
    run_dir : Path
        Gets ``checkpoints/best.weights.h5``, ``history.csv`` and ``history.png``; `finish` adds the rest.
    progress : Progress, optional
        Who is told; chosen by where the process runs if left out.

    Returns
    -------
    History
        The finished epochs. A training that was stopped in its first epoch has that one, cut short.
    """
    progress = progress or live_progress()
    journal = _Journal(config, run_dir, progress)
    steps = _steps(config, train)
    learner = journal.resume(_origin(config, train, validation), steps) or _learner(config, steps)
    progress.begin(journal.history, config.epochs, steps)
    if not journal.finished:
        learner.fit(
            _batches(config, train, first_epoch=len(journal.history)),
            steps_per_epoch=steps,
            initial_epoch=len(journal.history),
            epochs=config.epochs,
            validation_data=(model_input(validation.images), _one_hot(validation.labels)),
            validation_batch_size=1000,
            callbacks=[journal],
            shuffle=False,  # the batches come shuffled
            verbose=0,
        )
    progress.end(journal.history)
    return journal.history


def finish(run_dir: Path, validation: Digits) -> float:
    """Calibrate the weights that `train` kept, and export them for prediction.

    The last layer is divided by the temperature that `mnistlab.evaluation.fit_temperature` finds on
    the validation images, so that whoever loads the weights has calibrated logits.

    Parameters
    ----------
    run_dir : Path
        Gets ``model.weights.h5`` and ``model.tflite``.
    validation : Digits
        As they were given to `train`.

    Returns
    -------
    float
        The temperature.
    """
    model = load_best(run_dir)
    temperature = fit_temperature(infer(model, validation.images), validation.labels)
    model.layers[-1].set_weights([part / temperature for part in model.layers[-1].get_weights()])
    with replacing(run_dir / MODEL) as unfinished:
        model.export(unfinished, format="litert", verbose=False)
    with replacing(run_dir / WEIGHTS) as unfinished:  # last: it says that the training is over
        model.save_weights(unfinished)
    return temperature


def load_trained(run_dir: Path) -> keras.Model:
    """Return the model that `finish` left in a folder: its logits are calibrated."""
    model = _untrained(run_dir)
    model.load_weights(run_dir / WEIGHTS)
    return model


def load_best(run_dir: Path) -> keras.Model:
    """Return the model that `train` left in a folder, not calibrated."""
    model = _untrained(run_dir)
    model.load_weights(run_dir / BEST_WEIGHTS)
    return model


def _untrained(run_dir: Path) -> keras.Model:
    return build_model(json.loads((run_dir / ORIGIN).read_text())["architecture"])


class _Journal(keras.callbacks.Callback):
    """Writes down each epoch, keeps its weights if they are to be kept, and decides when to end."""

    def __init__(self, config: TrainConfig, run_dir: Path, progress: Progress) -> None:
        super().__init__()
        self.config, self.run_dir, self.progress = config, run_dir, progress
        self.history = History(to_the_end=not config.patience)
        self.checkpoint = run_dir / LAST_EPOCH
        self.origin = run_dir / ORIGIN

    @property
    def finished(self) -> bool:
        in_vain = self.history.epochs_since_kept
        return len(self.history) >= self.config.epochs or 0 < self.config.patience <= in_vain

    def resume(self, origin: str, steps: int) -> keras.Model | None:
        """Return the model of the last finished epoch, if this very training left one here."""
        if self.checkpoint.exists() and self.origin.exists() and self.origin.read_text() == origin:
            learner = keras.saving.load_model(self.checkpoint)
            finished_epochs = int(learner.optimizer.iterations) // steps
            self.history = History.read(self.run_dir / "history.csv", not self.config.patience).up_to(finished_epochs)
            return learner
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
        if self.history.kept is record:
            with replacing(self.run_dir / BEST_WEIGHTS) as unfinished:
                self.model.layers[-1].save_weights(unfinished)
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


def _learner(config: TrainConfig, steps: int) -> keras.Model:
    """The model behind the distortion that it learns under, ready to be fitted."""
    keras.utils.set_random_seed(config.seed)
    distorted = [Augmentation(asdict(config.distortion), config.seed)] if config.distortion else []
    learner = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *distorted, build_model(config.architecture)])
    learner.compile(
        keras.optimizers.AdamW(_step_size(config, config.epochs * steps), weight_decay=config.weight_decay),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=config.label_smoothing),
        metrics=["accuracy"],
    )
    return learner


def _step_size(config: TrainConfig, steps: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """One cycle over all steps if the config asks for it: a rise, then a fall to 0 along a cosine."""
    if not config.warmup:
        return config.learning_rate
    rise = round(config.warmup * steps)
    return keras.optimizers.schedules.CosineDecay(
        config.learning_rate / 20, steps - rise, warmup_target=config.learning_rate, warmup_steps=rise
    )


def _steps(config: TrainConfig, train: Digits) -> int:
    return -(-len(train) // config.batch_size)


def _batches(config: TrainConfig, train: Digits, first_epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Shuffled batches without end; the order within an epoch depends on nothing but seed and epoch."""
    for epoch in count(first_epoch):
        order = np.random.default_rng((config.seed, epoch)).permutation(len(train))
        for start in range(0, len(train), config.batch_size):
            chosen = order[start : start + config.batch_size]
            yield model_input(train.images[chosen]), _one_hot(train.labels[chosen])


def _one_hot(labels: np.ndarray) -> np.ndarray:
    """Probabilities `(N, 10)`, as a loss with label smoothing needs them."""
    return np.eye(CLASSES, dtype=np.float32)[labels]
