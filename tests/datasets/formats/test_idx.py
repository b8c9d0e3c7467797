import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from mnistlab.datasets.formats.idx import read_idx
from mnistlab.errors import DataDamagedError


def idx(shape: tuple[int, ...], body: bytes) -> bytes:
    return gzip.compress(struct.pack(f">{1 + len(shape)}I", 0x0800 + len(shape), *shape) + body)


def test_an_idx_file_is_read_in_its_shape(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(idx((2, 3), bytes(range(6))))
    np.testing.assert_array_equal(read_idx(tmp_path / "file", 2), [[0, 1, 2], [3, 4, 5]])


def test_of_a_gzip_file_no_more_is_decompressed_than_its_header_says(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(idx((2, 3), bytes(50_000_000)))
    with pytest.raises(DataDamagedError, match=r"expected 6 bytes for \(2, 3\), found more"):
        read_idx(path, 2)
    path.write_bytes(idx((0xFFFFFFFF, 0xFFFFFFFF), b""))
    with pytest.raises(DataDamagedError, match="expected at most 200,000,000 bytes, found 18,446,744,065,119,617,025"):
        read_idx(path, 2)


def test_whatever_is_wrong_with_an_idx_file_is_the_same_error(tmp_path: Path) -> None:
    good, path = idx((20, 28, 28), np.random.default_rng(0).bytes(20 * 784)), tmp_path / "file"
    rng = np.random.default_rng(0)
    for number in range(200):
        content = bytearray(good)
        content[rng.integers(10, len(good))] ^= 1 << rng.integers(8)
        path.write_bytes(content if number % 2 else good[: rng.integers(len(good))])
        with pytest.raises(DataDamagedError):
            read_idx(path, 3)
