"""The ink of a drawing that a computer has rasterized: its ground is black."""

import numpy as np

MIN_INK_SHARE = 0.02
"""Connected patches with less than this share of all ink are dirt: they are left out."""

MIN_CONTRAST = 12
"""Grey levels of full ink, at least, of 255."""


def ink_of_drawing(picture: np.ndarray) -> np.ndarray:
    """Return the ink of a drawing without specks, 255 at its strongest.

    Parameters
    ----------
    picture : uint8 array of shape (H, W)
        Light ink on a background of exactly 0.

    Returns
    -------
    uint8 array of shape (H, W)

    Raises
    ------
    ValueError
        If there is no ink.
    """
    from scipy import ndimage  # late: it takes longer to import than all else here

    patches, _ = ndimage.label(picture, structure=np.ones((3, 3)))
    ink_in_patch = np.bincount(patches.ravel(), weights=picture.ravel())
    is_speck = ink_in_patch < MIN_INK_SHARE * ink_in_patch.sum()
    ink = np.where(is_speck[patches], 0, picture)
    full = float(np.percentile(ink[ink > ink.max() / 2], 95)) if ink.any() else 0.0
    if full < MIN_CONTRAST:
        raise ValueError("the picture is blank: there is no digit in it")
    return np.round(np.minimum(ink / np.float32(full), 1) * 255).astype(np.uint8)
