import asyncio
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.session import Session
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

from mnistlab.keeping.place import KEEP
from mnistlab.web.kernels import PadKernelManager, PadState, kernel_config, pad_state
from mnistlab.web.settings import WebSettings


class Client:
    """In the place of Jupyter's: its kernel answers with these widgets, or raises an error."""

    def __init__(self, answer: list[str] | Exception) -> None:
        self.answer = answer
        self.channels: list[str] = []

    def start_channels(self, **channels: bool) -> None:
        self.channels = ["shell"]

    def stop_channels(self) -> None:
        self.channels = []

    async def comm_info(self, target: str, *, reply: bool, timeout: float) -> dict[str, Any]:
        assert (target, reply, self.channels) == ("jupyter.widget", True, ["shell"])
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"content": {"comms": dict.fromkeys(self.answer)}}


class Kernel:
    def __init__(self, answer: list[str] | Exception, alive: bool = True) -> None:
        self.its_client, self.alive, self.session = Client(answer), alive, Session(key=b"secret")

    async def is_alive(self) -> bool:
        return self.alive

    def client(self, session: Session) -> Client:
        assert session.key == self.session.key
        assert session.session != self.session.session, "another client has that name"
        return self.its_client


class Kernels(dict[str, Kernel]):
    """In the place of Jupyter's manager of all kernels."""

    get_kernel = dict.__getitem__


@pytest.mark.parametrize(
    ("kernel", "state"),
    [
        (Kernel(["pad", "canvas"]), PadState.ANSWERS),
        (Kernel([]), PadState.ENDED),
        (Kernel(["pad"], alive=False), PadState.ENDED),
        (Kernel(TimeoutError()), PadState.SILENT),
        (Kernel(Empty()), PadState.SILENT),
    ],
    ids=["answers", "has no pad", "process has ended", "does not answer", "no message"],
)
def test_a_pad_is_there_if_its_kernel_says_so(kernel: Kernel, state: PadState) -> None:
    assert asyncio.run(pad_state(Kernels(page=kernel), "page")) == state
    assert kernel.its_client.channels == []


def test_a_kernel_that_is_not_known_has_ended() -> None:
    assert asyncio.run(pad_state(Kernels(), "page")) == PadState.ENDED


def test_the_settings_reach_the_kernels() -> None:
    config = kernel_config(WebSettings(idle_minutes=3, memory_megabytes=700, message_seconds=2.5))
    assert config.MappingKernelManager.cull_idle_timeout == 180
    assert config.MappingKernelManager.cull_busy
    manager = PadKernelManager(config=config)
    command = shlex.join(manager.format_kernel_cmd())
    assert "kernel_class=mnistlab.web.kernel.PadKernel" in command
    assert "memory_megabytes=700 --PadKernel.message_seconds=2.5" in command
    assert manager.restarter_class(config=config).restart_limit == 0


@pytest.mark.parametrize("keep", [None, Path("somewhere/kept.jsonl")])
def test_a_kernel_is_told_where_drawings_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keep: Path | None
) -> None:
    """Not told anything, its pad would keep them in the file of whoever runs the app."""
    told: dict[str, str] = {}

    async def start(self: object, **arguments: Any) -> None:
        told.update(arguments["env"])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ServerKernelManager, "start_kernel", start)
    asyncio.run(PadKernelManager(config=kernel_config(WebSettings(keep=keep))).start_kernel())
    assert told[KEEP] == (str(tmp_path / keep) if keep else "")


def test_a_kernel_that_waited_in_the_pool_for_long_is_not_idle_when_a_page_gets_it() -> None:
    manager = PadKernelManager(last_activity=datetime(2020, 1, 1, tzinfo=UTC))
    manager.count_as_used()
    assert datetime.now(UTC) - manager.last_activity < timedelta(minutes=5)


def test_the_limits_have_room_for_a_page() -> None:
    """Measured: 340 MB of a process's own on Linux, and two seconds for the notebook."""
    assert WebSettings().memory_megabytes >= 800
    assert WebSettings().message_seconds >= 8
