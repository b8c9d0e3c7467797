"""What happened epoch by epoch while a model was trained."""

import csv
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from mnistlab.system.files import replacing


@dataclass(frozen=True)
class Epoch:
    """One pass over the training images."""

    number: int  # counted from 1
    loss: float  # cross-entropy in nats, mean over the epoch's training batches
    accuracy: float  # 0..1, likewise
    validation_loss: float  # at the epoch's end
    validation_accuracy: float
    seconds: float  # training and validation


@dataclass(frozen=True)
class History:
    """The epochs of one training, in order."""

    epochs: tuple[Epoch, ...] = ()
    to_the_end: bool = False  # whether the last epoch's weights are kept, not the best one's

    def __len__(self) -> int:
        return len(self.epochs)

    def __repr__(self) -> str:
        if not self.epochs:
            return "History(no epoch finished)"
        kept = self.kept
        return f"History({len(self)} epochs, kept {kept.number}: validation accuracy {kept.validation_accuracy:.2%})"

    @property
    def kept(self) -> Epoch:
        """The epoch whose weights are kept: the first with the highest validation accuracy, or the last."""
        if self.to_the_end:
            return self.epochs[-1]
        return max(self.epochs, key=lambda epoch: epoch.validation_accuracy)

    @property
    def epochs_since_kept(self) -> int:
        """Epochs that came after the kept one, 0 at the start."""
        return self.epochs[-1].number - self.kept.number if self.epochs else 0

    @property
    def seconds(self) -> float:
        """Time spent training and validating."""
        return sum(epoch.seconds for epoch in self.epochs)

    def column(self, name: str) -> list[float]:
        """One field of `Epoch` over all epochs, ``"validation_loss"`` for example."""
        return [getattr(epoch, name) for epoch in self.epochs]

    def up_to(self, number: int) -> "History":
        """The first `number` epochs."""
        return replace(self, epochs=self.epochs[:number])

    def plus(self, epoch: Epoch) -> "History":
        """This history with one more epoch at its end."""
        return replace(self, epochs=(*self.epochs, epoch))

    def write(self, path: Path) -> None:
        """Write a CSV file, one line an epoch, at full precision."""
        with replacing(path) as unfinished, unfinished.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(field.name for field in fields(Epoch))
            writer.writerows(astuple(epoch) for epoch in self.epochs)

    @classmethod
    def read(cls, path: Path, to_the_end: bool = False) -> "History":
        """Read what `write` wrote; a missing file is an empty history."""
        if not path.exists():
            return cls((), to_the_end)
        with path.open(newline="") as file:
            rows = list(csv.reader(file))[1:]
        return cls(tuple(Epoch(int(number), *map(float, rest)) for number, *rest in rows), to_the_end)
