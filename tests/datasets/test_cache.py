import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from processes import DEADLINE

from mnistlab.datasets import cache
from mnistlab.datasets.cache import cached_images
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats import LabelledDrawing


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setattr(cache.pooch, "os_cache", lambda name: tmp_path / "cache")
    return tmp_path / "cache" / "rendered"


class Counter:
    """Renders random images and counts how often."""

    __name__ = "count"
    calls = 0

    def __call__(self, drawings: list[LabelledDrawing], seed: int) -> np.ndarray:
        self.calls += 1
        return np.random.default_rng(seed).integers(0, 256, (len(drawings), 28, 28), np.uint8)


@pytest.fixture
def render(monkeypatch: pytest.MonkeyPatch) -> Counter:
    monkeypatch.setattr(cache.inspect, "getsourcefile", lambda render: __file__)
    return Counter()


def test_the_same_drawings_and_arguments_are_rendered_once(render: Counter, folder: Path) -> None:
    first, again = (cached_images(render, EXAMPLES, 0) for _ in range(2))
    np.testing.assert_array_equal(first, render(EXAMPLES, 0))
    np.testing.assert_array_equal(first, again)
    assert (again.dtype, render.calls) == (np.uint8, 2), "once for the test itself"
    assert [path.name.split("-")[0] for path in folder.glob("*.npz")] == ["count"]


def test_other_drawings_and_other_arguments_are_other_images(render: Counter) -> None:
    moved = [EXAMPLES[0]._replace(drawing=[[(0.0, 0.0), (50.0, 51.0)]]), *EXAMPLES[1:]]
    asked = [(EXAMPLES, 0), (EXAMPLES, 1), (EXAMPLES[1:], 0), (EXAMPLES[::-1], 0), (moved, 0)]
    for _ in range(2):
        for drawings, seed in asked:
            cached_images(render, drawings, seed)
    assert render.calls == len(asked)


@pytest.mark.parametrize("module", ["strokes", "pictures", "preprocessing", "the module that renders"])
def test_images_of_other_code_are_rendered_again_in_their_place(
    render: Counter, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    code = tmp_path / "code.py"
    code.write_text("old")
    if module.startswith("the"):
        monkeypatch.setattr(cache.inspect, "getsourcefile", lambda render: str(code))
    else:
        monkeypatch.setattr(getattr(cache, module), "__file__", str(code))
    for content in ("old", "old", "new", "new"):
        code.write_text(content)
        cached_images(render, EXAMPLES, 0)
    assert render.calls == 2
    assert len(list(folder.glob("*.npz"))) == 1


def test_images_of_other_versions_of_the_libraries_are_rendered_again(
    render: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached_images(render, EXAMPLES, 0)
    monkeypatch.setattr(cache.PIL, "__version__", "0.1")
    cached_images(render, EXAMPLES, 0)
    assert render.calls == 2


@pytest.mark.parametrize("damage", ["emptied", "cut off", "a byte changed", "no archive"])
def test_a_damaged_file_is_rendered_again(render: Counter, folder: Path, damage: str) -> None:
    images = cached_images(render, EXAMPLES, 0)
    (path,) = folder.glob("*.npz")
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(
        {
            "emptied": b"",
            "cut off": content[:middle],
            "a byte changed": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "no archive": b"something else",
        }[damage]
    )
    np.testing.assert_array_equal(cached_images(render, EXAMPLES, 0), images)
    assert render.calls == 2
    assert path.read_bytes() == content


def test_200_damaged_files_are_rendered_again(render: Counter, folder: Path) -> None:
    images = cached_images(render, EXAMPLES, 0)
    (path,) = folder.glob("*.npz")
    content, rng = path.read_bytes(), np.random.default_rng(0)
    for number in range(200):
        changed = bytearray(content)
        for _ in range(3):  # in the headers of the archive and of the arrays: the images have a checksum
            place = rng.choice([rng.integers(180), len(content) - 1 - rng.integers(400)])
            changed[place] = rng.integers(256)
        path.write_bytes(changed if number % 4 else content[: rng.integers(len(content))])
        np.testing.assert_array_equal(cached_images(render, EXAMPLES, 0), images)


@pytest.mark.parametrize("other", [np.zeros((3, 28, 28), np.uint8), np.zeros((12, 28, 28)), np.zeros(10**7, np.uint8)])
def test_images_of_another_shape_are_rendered_again(render: Counter, folder: Path, other: np.ndarray) -> None:
    images = cached_images(render, EXAMPLES, 0)
    (path,) = folder.glob("*.npz")
    with np.load(path) as entry:
        np.savez_compressed(path, images=other, code=entry["code"])
    np.testing.assert_array_equal(cached_images(render, EXAMPLES, 0), images)


def test_where_nothing_can_be_written_the_images_are_rendered_every_time(render: Counter, folder: Path) -> None:
    folder.parent.parent.mkdir(exist_ok=True)
    folder.parent.write_text("a file in the place of the folder")
    for _ in range(2):
        assert cached_images(render, EXAMPLES, 0).shape == (12, 28, 28)
    assert render.calls == 2


def test_a_full_disk_is_no_error(render: Counter, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **arrays: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "savez", full)
    assert cached_images(render, EXAMPLES, 0).shape == (12, 28, 28)
    assert list(folder.glob("*.npz")) == []


def test_an_error_while_rendering_is_passed_on_and_nothing_is_kept(folder: Path, render: Counter) -> None:
    with pytest.raises(OSError, match="no camera"):
        cached_images(failing, EXAMPLES)
    assert list(folder.glob("*.npz")) == []


def failing(drawings: list[LabelledDrawing]) -> np.ndarray:
    raise OSError("no camera")


PROCESS = """
import sys, time
from pathlib import Path
import numpy as np
from mnistlab.datasets import cache
from mnistlab.datasets.examples import EXAMPLES

def render(drawings):
    with Path(sys.argv[2]).open("a") as log:
        log.write("rendered\\n")
    time.sleep(0.5)
    return np.arange(len(drawings) * 784, dtype=np.uint8).reshape(-1, 28, 28)

cache.pooch.os_cache = lambda name: sys.argv[1]
cache.inspect.getsourcefile = lambda render: cache.__file__
print("ready", flush=True)
sys.stdin.readline()
print(int(cache.cached_images(render, EXAMPLES).sum()))
"""


def test_of_two_processes_one_renders_and_the_other_waits(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", PROCESS, str(tmp_path), str(tmp_path / "log")]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        processes = [
            stack.enter_context(subprocess.Popen(arguments, stdin=pipe, stdout=pipe, text=True)) for _ in range(2)
        ]
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = {process.communicate(timeout=DEADLINE)[0] for process in processes}
    expected = np.arange(12 * 784, dtype=np.uint8).sum()
    assert answers == {f"{expected}\n"}
    assert (tmp_path / "log").read_text() == "rendered\n"
