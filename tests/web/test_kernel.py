"""The kernel of a page, in a process of its own."""

import sys
from collections.abc import Iterator

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel
from processes import DEADLINE, wait_until

MEGABYTES = 1500
LIMITS = [
    "--IPKernelApp.kernel_class=mnistlab.web.kernel.PadKernel",
    f"--PadKernel.memory_megabytes={MEGABYTES}",
    "--PadKernel.message_seconds=3",
]


@pytest.fixture(scope="module")
def manager() -> Iterator[KernelManager]:
    manager, client = start_new_kernel(startup_timeout=DEADLINE, extra_arguments=LIMITS)
    manager.test_client = client
    yield manager
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(manager: KernelManager) -> BlockingKernelClient:
    """A client of that kernel."""
    return manager.test_client


def value_of(kernel: BlockingKernelClient, expression: str, code: str = "") -> str:
    """Return the repr of an expression after some code."""
    reply = kernel.execute(code, user_expressions={"it": expression}, reply=True, timeout=DEADLINE)
    assert reply["content"]["status"] == "ok", reply["content"]
    return str(reply["content"]["user_expressions"]["it"]["data"]["text/plain"])


SLIDER = {
    **{f"_{part}_module": "@jupyter-widgets/controls" for part in ("model", "view")},
    **{f"_{part}_module_version": "2.0.0" for part in ("model", "view")},
    "_model_name": "IntSliderModel",
    "_view_name": "IntSliderView",
}


def test_a_page_can_ask_for_all_widgets_but_not_make_one(kernel: BlockingKernelClient) -> None:
    value_of(kernel, "0", "import ipywidgets")
    for target, version in (("jupyter.widget", "2.1.0"), ("x", "1"), (None, "1"), ("jupyter.widget.control", "1.0.0")):
        content = {"comm_id": str(target), "target_name": target, "data": {"state": SLIDER}}
        kernel.shell_channel.send(kernel.session.msg("comm_open", content, metadata={"version": version}))
    targets = "{c.target_name for c in get_ipython().kernel.comm_manager.comms.values()}"
    assert value_of(kernel, targets) == "{'jupyter.widget.control'}"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit")
def test_more_memory_than_the_limit_is_refused_and_the_kernel_goes_on(kernel: BlockingKernelClient) -> None:
    program = f"try:\n    bytes({MEGABYTES}_000_000)\n    got = True\nexcept MemoryError:\n    got = False"
    assert value_of(kernel, "got", program) == "False"


def test_short_work_is_never_too_much_however_often(kernel: BlockingKernelClient) -> None:
    """Each has a second of processor time: together more than the limit."""
    work = "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass"
    assert [value_of(kernel, "1", work) for _ in range(4)] == ["1"] * 4


def test_one_message_of_too_much_work_ends_the_process(manager: KernelManager, kernel: BlockingKernelClient) -> None:
    """Also inside compiled code, where Python would look for a signal only afterwards."""
    kernel.execute("sum(range(10**13))")
    wait_until(lambda: not manager.is_alive())
