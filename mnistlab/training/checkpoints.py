"""What a training writes down while it runs, and where it goes on after an interruption."""

from pathlib import Path
from time import perf_counter

from mnistlab.plots.training import history_png
from mnistlab.runs.history import Epoch, History
from mnistlab.system.backend import keras
from mnistlab.system.files import replacing
from mnistlab.system.run_files import BEST_WEIGHTS, HISTORY_CSV, HISTORY_PNG, LAST_EPOCH, ORIGIN
from mnistlab.training.progress import Progress


class Checkpoints(keras.callbacks.Callback):
    """Writes down each epoch, keeps its weights if they are to be kept, and decides when to end.

    Parameters
    ----------
    epochs : int
        Most epochs.
    patience : int
        As in `mnistlab.training.presets.TrainConfig`.
    run_dir : Path
        Gets the files named above, ``history.csv`` and ``history.png``.
    progress : Progress
        Who is told.
    """

    def __init__(self, epochs: int, patience: int, run_dir: Path, progress: Progress) -> None:
        super().__init__()
        self.epochs, self.patience = epochs, patience
        self.run_dir, self.progress = run_dir, progress
        self.history = History(to_the_end=not patience)
        self.checkpoint = run_dir / LAST_EPOCH
        self.origin = run_dir / ORIGIN

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to learn: all epochs are done, or the last ones were in vain."""
        in_vain = self.history.epochs_since_kept
        return len(self.history) >= self.epochs or 0 < self.patience <= in_vain

    def resume(self, origin: str, steps: int) -> keras.Model | None:
        """Return the model of the last finished epoch, if this very training left one here."""
        if self.checkpoint.exists() and self.origin.exists() and self.origin.read_text() == origin:
            learner = keras.saving.load_model(self.checkpoint)
            finished_epochs = int(learner.optimizer.iterations) // steps
            self.history = History.read(self.run_dir / HISTORY_CSV, not self.patience).up_to(finished_epochs)
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
        self.history.write(self.run_dir / HISTORY_CSV)
        with replacing(self.run_dir / HISTORY_PNG) as unfinished:
            unfinished.write_bytes(history_png(self.history))
        if not self._cut_short:  # last, so that what it says is finished has been written
            with replacing(self.checkpoint) as unfinished:
                self.model.save(unfinished)
        self.progress.epoch(self.history)
        self.model.stop_training = self.finished or self.progress.stop_asked
