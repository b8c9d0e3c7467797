import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import mnistlab

from mnistlab import commands
from mnistlab.runs.run import Run

EVIL = "\x1b]0;owned\x07\x1b[2J\r\u202e\x9b31m"


def make_run(reports: Path, text: str) -> Run:
    run = Run(reports / "02_train-abcd")
    run.path.mkdir(parents=True)
    run.update(
        notebook=f"02_train{text}",
        state="failed",
        error={"message": f"why{text}\nforged line"},
        dataset={"name": f"mnist{text}"},
        parameters={f"name{text}": f"value{text}"},
        metrics={"test_accuracy": 0.5, f"metric{text}": 0.5},
        git={"commit": f"commit{text}"},
        versions={f"python{text}": text},
        hardware={"machine": text},
    )
    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ("runs",),
        ("runs", "--where", "accuracy > 0"),
        ("runs", "--where", f"speed{EVIL} > 1"),
        ("runs", "--where", "speed > 1"),
        ("runs", "--sort", "speed"),
        ("runs", "--csv"),
        ("runs", "--json"),
        ("show", "02_train-abcd"),
        ("show", "02_train-abcd", "--json"),
        ("show", f"nothing{EVIL}"),
        ("rerun", "02_train-abcd"),
        ("run", f"x{EVIL}"),
        ("run", "02_train", "-p", f"x{EVIL}", "1"),
        ("train", "--preset", EVIL),
        ("sweep", "02_train", "-g", "seed", EVIL),
        ("predict", f"no{EVIL}.png"),
        ("rm", f"nothing{EVIL}"),
        ("rm", "--yes", "02_train-abcd"),
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:40],
)
def test_text_from_elsewhere_reaches_the_terminal_without_control_characters(
    reports: Path, arguments: tuple[str, ...]
) -> None:
    make_run(reports, EVIL)
    output = mnistlab(*arguments)[1]
    assert output
    assert not set(output) & (set(EVIL) - set("owned012J31m];[1"))
    assert "\nforged" not in output


def test_a_character_that_the_terminal_cannot_show_is_an_escape(reports: Path) -> None:
    make_run(reports, "숫자")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", "from mnistlab.cli import main; main()", "show", "02_train-abcd"]
    shown = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert b"value\\uc22b\\uc790" in shown.stdout
    assert shown.stderr == b""


def test_commands_print_through_one_function() -> None:
    for path in Path(commands.__file__).parent.glob("*.py"):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        names = {ast.unparse(call) for call in calls}
        assert not names & {"click.echo", "click.secho", "print"} or path.stem == "output", path


def test_json_has_the_text_as_it_is(reports: Path) -> None:
    make_run(reports, EVIL)
    assert json.loads(mnistlab("runs", "--json")[1])["dataset"] == f"mnist{EVIL}"
