"""MNIST's format: gzipped IDX files."""

import gzip
import zlib
from math import prod
from pathlib import Path

import numpy as np

from mnistlab.datasets.formats.files import damaged
from mnistlab.system.files import open_regular

MAX_BYTES = 200_000_000
"""Size of the largest dataset that is read, decompressed: four times MNIST."""


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """Read a gzipped IDX file of bytes.

    Parameters
    ----------
    path : Path
    dimensions : int
        Number of axes of the array.

    Returns
    -------
    uint8 array
        Read-only, in the shape given by the file's header.

    Raises
    ------
    DataDamagedError
        If the file is not gzip, is truncated, or its length does not agree with its header.
    """
    magic = 0x0800 + dimensions  # type 8, unsigned byte, then the number of axes
    try:
        with open_regular(path) as file, gzip.open(file) as content:
            header = content.read(4 * (1 + dimensions))
            if len(header) < 4 * (1 + dimensions) or int.from_bytes(header[:4]) != magic:
                raise damaged(path, f"an IDX file that begins with {magic:08x}", header[:4].hex() or "nothing")
            shape = tuple(int(n) for n in np.frombuffer(header, ">u4")[1:])
            if prod(shape) > MAX_BYTES:
                raise damaged(path, f"at most {MAX_BYTES:,} bytes", f"{prod(shape):,} bytes for {shape}")
            body = content.read(prod(shape) + 1)  # one more shows that there is more, and lets gzip check the end
    except (EOFError, OSError, zlib.error) as error:
        raise damaged(path, "a complete gzip file", f"a truncated file or another format ({error})") from error
    if len(body) != prod(shape):
        found = f"{len(body):,}" if len(body) < prod(shape) else "more"
        raise damaged(path, f"{prod(shape):,} bytes for {shape}", found)
    return np.frombuffer(body, np.uint8).reshape(shape)
