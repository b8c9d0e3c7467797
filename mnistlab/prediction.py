"""Predictions of a trained model, with LiteRT: TensorFlow is not needed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import special  # noqa: F401  # which logits.py imports late: here, so that no first answer waits for it

from mnistlab.errors import RunError
from mnistlab.litert import load_model, recorded_sha256
from mnistlab.logits import digit_logits, digit_probability, softmax
from mnistlab.picture_files.sources import PictureSource, as_picture
from mnistlab.preprocessing import SIDE
from mnistlab.reading.digit import digit_in_drawing, digit_in_picture
from mnistlab.reading.number import Number, number_in_drawing, number_in_picture
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import CANVAS, PEN_WIDTH, Drawing, rasterize
from mnistlab.system.run_files import MODEL

PRETRAINED = Path(__file__).parent / "pretrained"
"""Folder of the model that comes with the package; its ``CARD.md`` describes it."""


class Predictor:
    """A trained model in LiteRT's format, its ``model``. It may be used by any number of threads at the same time.

    The file is checked before it is loaded, because a damaged one can end the process: by its sha256 if that is
    known, else by its first answers in a process of its own, which takes half a second.

    Parameters
    ----------
    path : Path
        A ``model.tflite`` file whose model takes float32 `(N, 28, 28, 1)`, 0 to 1, and gives logits: `(N, 10)`,
        or `(N, 11)` with one more that says whether there is a digit.
    sha256 : str, optional
        That of the file as it was written.

    Raises
    ------
    RunError
        If the file cannot be read, is damaged, or is that of another kind of model.
    """

    def __init__(self, path: Path, sha256: str | None = None) -> None:
        self.model = load_model(path, sha256)

    @classmethod
    def pretrained(cls) -> "Predictor":
        """Load the model that comes with the package: no training, no download, no TensorFlow."""
        return cls.from_run(PRETRAINED)

    @classmethod
    def from_run(cls, folder: Path) -> "Predictor":
        """Load the model that a run has trained.

        Parameters
        ----------
        folder : Path
            The run's folder, ``reports/<run>/``: ``find_run("latest").path`` for the newest one.

        Raises
        ------
        RunError
            If no training in this folder was completed: there is no ``model.tflite``. If it is not the file that the
            training wrote, or gives no probabilities.
        """
        path = folder / MODEL
        if not path.exists():
            raise RunError(f"there is no {MODEL} in {folder}: train first, or name a complete run ('mnistlab runs')")
        return cls(path, recorded_sha256(folder))

    def predict_drawing(
        self, drawing: Drawing, pen_width: float | Sequence[float] = PEN_WIDTH, canvas_size: int = CANVAS
    ) -> Prediction:
        """Predict the digit in a drawing. It is cropped, scaled and centred first, as MNIST's digits were.

        Parameters
        ----------
        drawing : sequence of strokes
            Each stroke is a sequence of points (x, y) in canvas pixels, x to the right, y down. A stroke of
            one point is a dot. What lies outside the canvas is cut off.
        pen_width : float or sequence of float
            Width of the pen in canvas pixels, 1 or more: one for all strokes, or one for each stroke.
        canvas_size : int
            Width and height of the canvas, in canvas pixels.

        Returns
        -------
        Prediction
            ``digit``, ``confidence``, the ten ``probabilities``, and the 28x28 ``image`` that the model was given.

        Raises
        ------
        ValueError
            If nothing is drawn on the canvas, a point is not two finite numbers in canvas pixels, there are more or
            fewer pen widths than strokes, or a width is less than 1.
        """
        return self.predict_rasterized(rasterize(drawing, pen_width, canvas_size), drawing, pen_width, canvas_size)

    def predict_rasterized(
        self, picture: np.ndarray, drawing: Drawing, pen_width: float | Sequence[float], canvas_size: int
    ) -> Prediction:
        """Predict as `predict_drawing` does, given what `mnistlab.strokes.rasterize` returns for the drawing, too."""
        return digit_in_drawing(picture, drawing, pen_width, canvas_size, self._predictions)

    def predict_picture(self, picture: PictureSource) -> Prediction:
        """Predict the digit in a picture. It is cropped, scaled and centred first, as MNIST's digits were.

        Parameters
        ----------
        picture : array, PIL.Image.Image, path, bytes or str
            A photo, scan or drawing of one digit, of any size. The ink may be dark on a light background or light
            on a dark one; the background may be transparent, unevenly lit or noisy. An array of shape (H, W),
            (H, W, 3) or (H, W, 4), uint8 or floats from 0 to 1; a Pillow image; a file's path or its bytes; a data
            URL: `mnistlab.picture_files.sources.as_picture` says what else.

        Returns
        -------
        Prediction
            As that of `predict_drawing`.

        Raises
        ------
        ValueError
            If it is no picture, or if the picture is blank.
        """
        return digit_in_picture(as_picture(picture), self._predictions)

    def read_number(
        self, drawing: Drawing, pen_width: float | Sequence[float] = PEN_WIDTH, canvas_size: int | None = None
    ) -> Number:
        """Read a number of one or more digits in a drawing, written from left to right on one line.

        The parameters and the errors are those of `predict_drawing`. Without a canvas, nothing is cut off.

        Returns
        -------
        Number
            ``text``, with ``"?"`` for what is not a digit, and ``digits``: each has its strokes, box and prediction.
        """
        return number_in_drawing(drawing, pen_width, canvas_size, self._predictions)

    def read_number_picture(self, picture: PictureSource) -> Number:
        """Read a number of digits, which may touch, in a picture; else as `read_number` and `predict_picture`."""
        return number_in_picture(as_picture(picture), self._predictions)

    def predict_images(self, images: np.ndarray) -> np.ndarray:
        """Predict the digits in images that are cropped, scaled and centred already, as MNIST's are.

        Parameters
        ----------
        images : uint8 array of shape (N, 28, 28)
            Light ink (up to 255) on a dark background (0). N may be 0.

        Returns
        -------
        float32 array of shape (N, 10)
            Probabilities, 0 to 1: each row sums to 1.

        Raises
        ------
        ValueError
            If the array has another type or shape.
        RunError
            If the model gives no probabilities: its file is damaged, or that of another kind of model.
        """
        return softmax(digit_logits(self.logits(images)))

    def digit_probabilities(self, images: np.ndarray) -> np.ndarray | None:
        """Return the probability, for each image, that there is a digit at all.

        Parameters
        ----------
        images : uint8 array of shape (N, 28, 28)
            As for `predict_images`; the errors are the same.

        Returns
        -------
        float32 array of shape (N,), or None
            0 to 1. None if the model has not learned what is no digit.
        """
        return digit_probability(self.logits(images))

    def _predictions(self, images: np.ndarray) -> list[Prediction]:
        logits = self.logits(images)
        probabilities, is_digit = softmax(digit_logits(logits)), digit_probability(logits)
        known = [None] * len(images) if is_digit is None else map(float, is_digit)
        return [*map(Prediction, probabilities, images, known)]

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return the model's calibrated logits, float32 `(N, 10)` or `(N, 11)`: see `mnistlab.logits`.

        Parameters and errors are those of `predict_images`.
        """
        if not isinstance(images, np.ndarray):
            raise ValueError(f"expected an array of uint8, got {type(images).__name__}")
        if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE):
            raise ValueError(f"expected uint8 (N, {SIDE}, {SIDE}), got {images.dtype} {images.shape}")
        return self.model.logits(images)
