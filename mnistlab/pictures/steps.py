"""What was found on the way from a picture to its ink."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class InkSteps:
    """The steps from a picture to the ink of its digit, each with the size of the first.

    Attributes
    ----------
    picture : uint8 array of shape (H, W, 1) or (H, W, 3)
        The picture at the size at which ink is looked for, without opacity.
    sheet : bool array of shape (H, W)
        The paper or canvas.
    ground : uint8 array of shape (H, W)
        The level of its ground at each pixel; upside down for light ink.
    marks : uint8 array of shape (H, W)
        All that differs from the ground.
    removed : bool array of shape (H, W)
        Lines, boxes and circles among these.
    ink : uint8 array of shape (H, W)
        The digit: light ink (255 at its strongest) on a background of exactly 0.
    beside : tuple of uint8 arrays of shape (H, W)
        Other ink, one array for each connected piece of some weight that is neither a line nor a frame.
    """

    picture: np.ndarray
    sheet: np.ndarray
    ground: np.ndarray
    marks: np.ndarray
    removed: np.ndarray
    ink: np.ndarray
    beside: tuple[np.ndarray, ...]

    @property
    def share_beside(self) -> float:
        """The share of other ink in all ink that is neither line nor frame, 0 to 1."""
        other = sum(float(ink.sum()) for ink in self.beside)
        return other / (other + float(self.ink.sum()))

    @property
    def stages(self) -> dict[str, np.ndarray]:
        """The steps by name as uint8 arrays, (H, W) or (H, W, 3), to look at side by side."""
        given = self.picture[..., 0] if self.picture.shape[2] == 1 else self.picture
        return {
            "given": given,
            "sheet": np.where(self.sheet, 255, 0).astype(np.uint8),
            "ground": self.ground,
            "ink": self.marks,
            "lines and frames": np.where(self.removed, 255, 0).astype(np.uint8),
            "digit": self.ink,
        }
