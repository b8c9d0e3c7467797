"""Each fails when another library changes something that `mnistlab.system.compat` relies on."""

import asyncio
import json
import subprocess
import sys
import tomllib
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import ipywidgets as widgets
import pytest
from distributed import Worker
from distributed.worker_state_machine import BaseWorker, ComputeTaskEvent, FreeKeysEvent, WorkerState
from ipycanvas import Canvas
from ipycanvas.canvas import COMMANDS
from ipykernel.comm.comm import BaseComm
from packaging.requirements import Requirement
from voila.voila_kernel_manager import voila_kernel_manager_factory

from mnistlab.system.compat import (
    accept_messages_while_busy,
    handle_widget_message,
    is_executing,
    kernel_id_of,
    put_back_pooled_kernel,
    resend_current_canvas,
    take_pooled_kernel,
    wait_until_notebook_was_run,
    wait_until_pool_is_ready,
)
from mnistlab.system.files import project_dir


def test_ipycanvas_names_the_canvas_once_and_again_after_a_reset(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas, sent = Canvas(), []
    monkeypatch.setattr(
        canvas._canvas_manager, "send", lambda _metadata, buffers: sent.append(json.loads(bytes(buffers[0]))[0])
    )
    canvas.fill_rect(0, 0, 1)
    canvas.fill_rect(0, 0, 1)
    resend_current_canvas(canvas)
    canvas.fill_rect(0, 0, 1)
    switch, draw = COMMANDS["switchCanvas"], COMMANDS["fillRect"]
    assert sent == [switch, draw, draw, switch, draw]


def test_ipykernel_sends_a_widgets_message_to_the_shell_that_wrote_last_unless_it_must_not() -> None:
    comm = BaseComm(target_name="jupyter.widget")
    comm._reply_subshell_id = "busy"
    assert comm._reply_subshell_for({}, "named by the page") == "busy"
    accept_messages_while_busy(comm)
    comm._reply_subshell_id = "wrote again"
    assert comm._reply_subshell_for({}, "named by the page") == "named by the page"


def test_distributed_says_whether_a_worker_is_executing_a_task() -> None:
    assert issubclass(Worker, BaseWorker)
    assert "state" in BaseWorker.__annotations__
    worker = SimpleNamespace(state=WorkerState(nthreads=1))
    assert not is_executing(worker, "run")
    worker.state.handle_stimulus(ComputeTaskEvent.dummy("run", stimulus_id="start"))
    assert is_executing(worker, "run")
    worker.state.handle_stimulus(FreeKeysEvent(keys=["run"], stimulus_id="cancel"))
    assert not is_executing(worker, "run")


class KernelManager:
    """In the place of Jupyter's kernel manager under Voilà's: starts no process."""

    def __init__(self, parent: Any) -> None:
        self.parent = parent
        self.log = SimpleNamespace(info=lambda *_: None)
        self.started = 0

    async def start_kernel(self, **_: object) -> str:
        await asyncio.sleep(0.01)
        self.started += 1
        return f"kernel {self.started}"

    def get_kernel(self, kernel_id: str) -> str:
        return kernel_id


class Renderer:
    """In the place of Voilà's notebook renderer: runs no notebook."""

    notebook_path = template_name = theme = "pad.ipynb"
    notebook = SimpleNamespace(metadata=SimpleNamespace(kernelspec=SimpleNamespace(name="python3")))
    rendered_cache: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.executed = False

    async def initialize(self) -> None:
        pass

    async def generate_content_hybrid(self, _kernel_id: str, _kernel: str) -> None:
        await asyncio.sleep(0.01)
        self.executed = True


def voilas_kernel_manager(pool_size: int) -> Any:
    """Return Voilà's own kernel manager; ask it inside a running loop to fill its pool."""
    parent = SimpleNamespace(root_dir=".", notebook_path="pad.ipynb", base_url="/", server_url="/", port=0)
    manager_class = voila_kernel_manager_factory(KernelManager, True, pool_size)
    manager_class.kernel_pools_config = {"default": {"pool_size": pool_size}}
    manager_class.default_env_variables = {}
    manager_class.fill_delay = 0
    renderers: list[Renderer] = []

    def renderer(_self: object, _notebook: str | None = None) -> Renderer:
        renderers.append(Renderer())
        return renderers[-1]

    manager_class._notebook_renderer_factory = renderer
    manager = manager_class(parent=parent)
    manager.renderers = renderers
    return manager


def test_a_kernel_that_is_put_back_into_voilas_pool_is_the_one_that_the_next_page_gets() -> None:
    async def open_a_page() -> tuple[str | None, str | None, int, str]:
        manager = voilas_kernel_manager(2)
        kernel = take_pooled_kernel(manager, "pad.ipynb")
        before = kernel_id_of(kernel)
        size = manager.get_pool_size("pad.ipynb")
        put_back_pooled_kernel(manager, "pad.ipynb", kernel)
        *_, kernel_id = await manager.get_rendered_notebook("pad.ipynb")
        await wait_until_pool_is_ready(manager)
        return before, kernel_id_of(kernel), size, kernel_id

    before, after, size, of_the_page = asyncio.run(open_a_page())
    assert before is None, "it was still starting"
    assert size == 1
    assert after == of_the_page == "kernel 1"


def test_voila_says_when_a_kernel_has_run_its_notebook() -> None:
    async def start_one() -> bool:
        manager = voilas_kernel_manager(1)
        kernel = take_pooled_kernel(manager, "pad.ipynb")
        await wait_until_notebook_was_run(kernel)
        return bool(manager.renderers[0].executed)

    assert asyncio.run(start_one())


def test_a_widget_handles_the_message_that_it_is_given() -> None:
    box = widgets.Checkbox(False)
    handle_widget_message(box, {"content": {"data": {"method": "update", "state": {"value": True}}}, "buffers": []})
    assert box.value is True


def test_voilas_pool_is_ready_when_every_notebook_was_run() -> None:
    async def fill() -> list[bool]:
        manager = voilas_kernel_manager(3)
        await wait_until_pool_is_ready(manager)
        return [renderer.executed for renderer in manager.renderers]

    assert asyncio.run(fill()) == [True, True, True]


def test_a_kernel_that_did_not_start_has_no_id_and_nothing_waits_for_it() -> None:
    async def no_kernel() -> dict[str, Any]:
        raise RuntimeError("no memory")

    async def fail() -> list[str | None]:
        failed, cancelled = asyncio.create_task(no_kernel()), asyncio.create_task(no_kernel())
        cancelled.cancel()
        await wait_until_pool_is_ready(SimpleNamespace(_pools={"pad.ipynb": [failed, cancelled]}))
        return [kernel_id_of(failed), kernel_id_of(cancelled)]

    assert asyncio.run(fail()) == [None, None]


@pytest.mark.parametrize("name", ["ai-edge-litert", "distributed", "ipycanvas", "ipykernel", "voila"])
def test_there_is_an_upper_bound_and_the_installed_version_is_below_it(name: str) -> None:
    project = tomllib.loads((project_dir() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (bounds,) = [r.specifier for r in map(Requirement, project["dependencies"]) if r.name == name]
    assert any(bound.operator == "<" for bound in bounds)
    assert version(name) in bounds


def test_importing_it_imports_none_of_these_libraries() -> None:
    program = (
        "import sys, mnistlab.system.compat; "
        "print([n for n in ('distributed', 'ipycanvas', 'ipykernel', 'voila', 'tornado') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
