from pathlib import Path

import pytest
from commandline import mnistlab

from mnistlab import __version__
from mnistlab.datasets import download


def test_it_says_its_version() -> None:
    assert mnistlab("--version") == (0, f"main, version {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", "-p", "epochs", "ten"), "epochs cannot be 'ten': it takes int, 0 to 1000"),
        (("train", "-p", "epohcs", "3"), "02_train has no parameter epohcs (did you mean epochs?)"),
        (
            ("train", "-p", "dataset", "imagenet"),
            "dataset cannot be imagenet: it takes any of preset, auto, mnist, digits",
        ),
        (("train", "--preset", "best"), "preset cannot be best: it takes one of baseline, fast, accurate, drawn"),
        (("run", "09_nothing"), "no notebook 09_nothing: choose one of 00_start"),
        (("run", "03_evaluate"), "no trained run in"),
    ],
)
def test_an_error_that_the_user_can_fix_is_one_line(reports: Path, arguments: tuple[str, ...], said: str) -> None:
    code, output = mnistlab(*arguments)
    assert code in (1, 2)
    assert output.startswith(f"Error: {said}")
    assert output.count("\n") == 1
    assert not reports.exists()


def test_reports_that_cannot_be_written_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNISTLAB_REPORTS_DIR", str(tmp_path / "file" / "reports"))
    code, output = mnistlab("train", "-p", "dataset", "digits")
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith("Error: Not a directory: ")


def test_an_interrupt_says_so_and_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(source: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "fetch", interrupted)
    code, output = mnistlab("fetch")
    assert code == 130
    assert output.startswith("Stopped.")
