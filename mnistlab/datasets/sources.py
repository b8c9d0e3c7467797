"""Where the files of each dataset come from, and how they are verified."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pooch

from mnistlab.datasets.cache import remembered
from mnistlab.datasets.formats.uji import digits_sha256
from mnistlab.datasets.formats.unipen import PUBLISHED, verified_counts


@dataclass(frozen=True)
class Source:
    """The files of one dataset."""

    name: str  # also of their folder, in MNISTLAB_DATA_DIR and in the user's cache
    sha256: Mapping[str, str]  # by file name
    mirrors: tuple[str, ...]  # addresses that end in a slash; without one the user must put the files in the folder
    suffix: str = ""  # after the file's name, in its address
    digest: Callable[[Path], str] = pooch.file_hash  # computes a file's sha256; its ValueError says what is damaged
    checksum: str = "sha256"  # what `digest` computes, for messages
    max_bytes: int = 30_000_000  # of its largest file, where a mirror may have it in another form
    other_form: "Source | None" = None  # the same data in other files, which are taken if they are on this machine


MNIST = Source(
    "mnist",
    {
        "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
    (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    max_bytes=9_912_422,
)

UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/"

PENDIGITS = Source(
    "pendigits",
    {"pendigits-orig.tra.Z": "ceae25d05f1ccfed4d27ca2e5766370fb32ddd685a647567e84cf7685aa7ac8b"},
    (f"{UCI}pendigits/",),
    max_bytes=1_011_395,
)

_UJI_JSON = Source(
    "uji",
    {"ujipenchars2.json": "e371d0795f8bfccdd96dc5b392c7cb57c89458b811ade683cc324a7f01e05503"},
    (),
    digest=digits_sha256,
    checksum="digits with the sha256",
)

UJI = replace(
    _UJI_JSON,
    sha256={"ujipenchars2.txt": _UJI_JSON.sha256["ujipenchars2.json"]},
    mirrors=(f"{UCI}uji-penchars/version2/",),
    other_form=_UJI_JSON,
)
"""Both files are verified by their 1,200 digits, which are the same, not by their bytes."""


_UNIPEN_PART = Source(
    "unipen",
    {"unipen-part.tgz": PUBLISHED},
    (),
    digest=lambda path: remembered("unipen", path, verified_counts),
    checksum="digits by contributor",
    max_bytes=1_000_000_000,
)

UNIPEN = replace(
    _UNIPEN_PART,
    sha256={"unipen-CDROM-train_r01_v07.tgz": PUBLISHED},
    mirrors=("https://zenodo.org/api/records/1195803/files/",),
    suffix="/content",
    other_form=_UNIPEN_PART,
)
"""The release, or a part of it in the same layout: verified by the published counts of digits."""
