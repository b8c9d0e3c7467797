"""Picture files, read as arrays."""

from pathlib import Path

import numpy as np

from mnistlab.picture_files.decoding import decode_picture


def read_picture(path: Path | str) -> np.ndarray:
    """Read a picture from a file.

    Parameters
    ----------
    path : Path or str
        A PNG, JPEG, WebP, GIF (its first frame), BMP or TIFF file; HEIC, SVG, or PDF of one page too, if the extra
        ``heic``, ``svg`` or ``pdf`` is installed. A photo is rotated upright as its EXIF data say; 16 bits per pixel
        are scaled to 8; an SVG and a page are drawn with 1,120 pixels on the longest side.

    Returns
    -------
    uint8 array of shape (H, W, 4)
        Red, green, blue and opacity, 0 to 255. A picture with more than 2,240 pixels on its longest side is reduced.

    Raises
    ------
    ValueError
        If the file cannot be read, is not a picture, or is larger than `mnistlab.picture_files.formats.FORMATS` says.
    """
    return decode_picture(Path(path))
