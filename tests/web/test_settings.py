import subprocess
import sys

from click.testing import CliRunner

from mnistlab.commands.predict import app_command
from mnistlab.web.settings import WebSettings


def test_the_command_line_has_the_same_defaults() -> None:
    text = " ".join(CliRunner().invoke(app_command, ["--help"]).output.split())
    for default in (WebSettings.port, WebSettings.host, WebSettings.sessions):
        assert f"[default: {default}" in text
    assert "anything but loopback is visible to others" in text


def test_the_command_line_does_not_load_voila_to_show_them() -> None:
    program = "import sys, mnistlab.commands.predict; print([n for n in ('voila', 'tornado') if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
