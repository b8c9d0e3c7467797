"""A trained model, ready to use: LiteRT, no TensorFlow."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from mnistlab.errors import RunError
from mnistlab.logits import CLASSES, softmax
from mnistlab.preprocessing import SIDE, image_from_drawing, model_input, normalize_digit
from mnistlab.strokes import CANVAS, PEN, Drawing
from mnistlab.system.run_files import MODEL
from mnistlab.system.stderr import native_stderr_closed
from mnistlab.system.threads import allotted_threads

PRETRAINED = Path(__file__).parent / "pretrained"
"""The folder of the model that ships with the package; its ``CARD.md`` says what it is."""

BATCH = 250
"""Images at a time: more do not go faster."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model says about one digit."""

    probabilities: np.ndarray  # float32 (10,), summing to 1
    image: np.ndarray  # uint8 (28, 28), what the model saw

    @property
    def digit(self) -> int:
        """The most likely digit."""
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """Its probability, 0..1."""
        return float(self.probabilities.max())

    def __repr__(self) -> str:
        return f"Prediction({self.digit}, {self.confidence:.1%})"


class Predictor:
    """A model in the form that LiteRT reads. Any number of threads may use one.

    Parameters
    ----------
    path : Path
        A ``model.tflite``: float32 `(N, 28, 28, 1)` in 0..1 in, logits `(N, 10)` out.
    """

    def __init__(self, path: Path) -> None:
        self._content = path.read_bytes()
        self._of_thread = threading.local()  # an interpreter serves one thread at a time

    @classmethod
    def pretrained(cls) -> "Predictor":
        """Load the model that ships with the package: no training, no download."""
        return cls(PRETRAINED / MODEL)

    @classmethod
    def from_run(cls, folder: Path) -> "Predictor":
        """Load a run's kept weights.

        Raises
        ------
        RunError
            If no training in this folder has come to its end.
        """
        path = folder / MODEL
        if not path.exists():
            raise RunError(f"there is no {MODEL} in {folder}: train first, or name a complete run ('mnistlab runs')")
        return cls(path)

    def predict_drawing(
        self, drawing: Drawing, pen_width: float | Sequence[float] = PEN, canvas_size: int = CANVAS
    ) -> Prediction:
        """Read a drawing; parameters and errors are those of `mnistlab.preprocessing.image_from_drawing`."""
        return self._predict(image_from_drawing(drawing, pen_width, canvas_size))

    def predict_picture(self, picture: np.ndarray) -> Prediction:
        """Read a picture; parameter and errors are those of `mnistlab.preprocessing.normalize_digit`."""
        return self._predict(normalize_digit(picture))

    def predict_images(self, images: np.ndarray) -> np.ndarray:
        """Read images that are prepared already, as MNIST's are.

        Parameters
        ----------
        images : uint8 array of shape (N, 28, 28)
            N may be 0.

        Returns
        -------
        float32 array of shape (N, 10)
            Probabilities: each row sums to 1.

        Raises
        ------
        ValueError
            If the array is of another shape or type.
        """
        if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE):
            raise ValueError(f"expected uint8 (N, {SIDE}, {SIDE}), got {images.dtype} {images.shape}")
        batches = [self._logits(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
        return softmax(np.concatenate([np.empty((0, CLASSES), np.float32), *batches]))

    def _predict(self, image: np.ndarray) -> Prediction:
        return Prediction(self.predict_images(image[np.newaxis])[0], image)

    def _logits(self, images: np.ndarray) -> np.ndarray:
        interpreter = self._interpreter(len(images))
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], model_input(images))
        interpreter.invoke()
        return np.asarray(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))

    def _interpreter(self, count: int) -> Interpreter:
        """This thread's interpreter for so many images at a time."""
        kept = vars(self._of_thread)
        if kept.get("count") != count:
            with native_stderr_closed():
                interpreter = kept.get("interpreter") or Interpreter(
                    model_content=self._content, num_threads=allotted_threads()
                )
                interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], (count, SIDE, SIDE, 1))
                interpreter.allocate_tensors()
            kept.update(interpreter=interpreter, count=count)
        chosen: Interpreter = kept["interpreter"]
        return chosen
