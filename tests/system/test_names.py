from pathlib import Path

import pytest

from mnistlab.errors import RunError
from mnistlab.system.names import is_plain_name, path_within, require_no_link

PLAIN = ["run.json", "02_train-abcd", "글자-1", "a b", ".hidden", "console", "model.weights.h5", "x" * 255]
OTHERS = [
    "",
    ".",
    "..",
    "a/b",
    "a\\b",
    "C:",
    "a:b",
    "a\x00",
    "a\nb",
    "a\x1b",
    "a.",
    "a ",
    "nul",
    "CON",
    "com1.txt",
    "x" * 256,
]
OTHERS += ["글" * 100, "a\ud800", "what?", "*"]


def test_plain_names_are_told_from_paths_devices_and_control_characters() -> None:
    assert [name for name in PLAIN if not is_plain_name(name)] == []
    assert [name for name in OTHERS if is_plain_name(name)] == []


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "a//b", "a/", "", "checkpoints/..", "a\\..\\x"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunError, match="no name for a file of a run"):
        path_within(tmp_path / "run", name)


def test_names_with_folders_stay_within(tmp_path: Path) -> None:
    assert path_within(tmp_path / "run", "checkpoints/last.keras") == tmp_path / "run" / "checkpoints" / "last.keras"


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoints").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(tmp_path / "run")
    for folder, name in (("run", "checkpoints/x"), ("link", "x"), ("link", "a/x")):
        with pytest.raises(RunError, match="is a symbolic link, not a folder"):
            path_within(tmp_path / folder, name)
    require_no_link(tmp_path / "run")
    require_no_link(tmp_path / "nowhere")
