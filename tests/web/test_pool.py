import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.web import HTTPError

from mnistlab.web import pool
from mnistlab.web.kernels import PadState

NOTEBOOK = "pad.ipynb"


class KernelManager:
    """In the place of Voilà's: kernels that answer, or do not."""

    def __init__(self, states: list[PadState | Exception], started: PadState = PadState.ANSWERS) -> None:
        self.states: dict[str, PadState | Exception] = {}
        self.started, self.ended, self.used = started, [], []
        self._pools: dict[str, list[asyncio.Task[Any]]] = {NOTEBOOK: []}
        for state in states:
            self.add(state)

    def add(self, state: PadState | Exception) -> None:
        name = str(len(self.states))
        self.states[name] = state
        self._pools[NOTEBOOK].append(asyncio.ensure_future(self._start(name)))

    async def _start(self, name: str) -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"kernel_id": name, "task": asyncio.ensure_future(self._run(name))}

    async def _run(self, name: str) -> None:
        state = self.states[name]
        if isinstance(state, Exception):
            raise state

    def get_pool_size(self, notebook: str) -> int:
        return len(self._pools[notebook])

    def fill_if_needed(self, delay: int, notebook_name: str) -> None:
        self.add(self.started)

    def __contains__(self, name: str) -> bool:
        return name in self.states and name not in self.ended

    def get_kernel(self, name: str) -> Any:
        return SimpleNamespace(count_as_used=lambda: self.used.append(name))

    async def shutdown_kernel(self, name: str, now: bool) -> None:
        assert now
        self.ended.append(name)


@pytest.fixture(autouse=True)
def no_real_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    async def state(manager: KernelManager, name: str) -> Any:
        await asyncio.sleep(0)
        return manager.states[name]

    monkeypatch.setattr(pool, "pad_state", state)


@pytest.mark.parametrize(
    ("states", "given", "ended"),
    [
        ([PadState.ANSWERS, PadState.ANSWERS], "0", []),
        ([PadState.ENDED, PadState.ANSWERS], "1", ["0"]),
        ([PadState.SILENT, PadState.ENDED], "2", ["0", "1"]),
        ([RuntimeError("killed while the notebook was run")], "1", ["0"]),
        ([], "0", []),
    ],
    ids=["all answer", "one was killed", "none answers", "killed early", "empty"],
)
def test_a_page_gets_the_first_kernel_that_answers(
    states: list[PadState | Exception], given: str, ended: list[str]
) -> None:
    async def prepare() -> tuple[str, str, list[str]]:
        manager = KernelManager(states)
        kernel_id = await pool.prepare_kernel(manager, NOTEBOOK)
        assert manager.used[-1] == kernel_id, "or it would soon be ended as idle: it may have waited for long"
        return kernel_id, manager._pools[NOTEBOOK][0].result()["kernel_id"], manager.ended

    assert asyncio.run(prepare()) == (given, given, ended)


def test_two_pages_that_are_opened_together_get_two_kernels() -> None:
    async def prepare_and_take(manager: KernelManager) -> str:
        kernel_id = await pool.prepare_kernel(manager, NOTEBOOK)
        assert manager._pools[NOTEBOOK].pop(0).result()["kernel_id"] == kernel_id
        return kernel_id

    async def open_two() -> list[str]:
        manager = KernelManager([PadState.ANSWERS, PadState.ANSWERS])
        return await asyncio.gather(prepare_and_take(manager), prepare_and_take(manager))

    assert asyncio.run(open_two()) == ["0", "1"]


def test_if_no_kernel_ever_answers_the_page_is_refused() -> None:
    async def prepare() -> None:
        await pool.prepare_kernel(KernelManager([PadState.ENDED], started=PadState.ENDED), NOTEBOOK)

    with pytest.raises(HTTPError, match="no kernel of the drawing pad answers") as error:
        asyncio.run(prepare())
    assert error.value.status_code == 503
