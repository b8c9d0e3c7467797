"""Pictures as the content of files, for pages."""

import io

import numpy as np
from PIL import Image


def png_of(picture: np.ndarray) -> bytes:
    """Return a picture, uint8 (H, W), (H, W, 3) or (H, W, 4), as the content of a PNG file."""
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()
