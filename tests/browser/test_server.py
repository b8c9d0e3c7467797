"""The web app's server, without a browser."""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from processes import DEADLINE, family, wait_for_end, wait_until
from servers import Server, web_app
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from mnistlab.web.frames import BURST, MAX_FRAME, V1
from mnistlab.web.settings import WebSettings

PLACES = 2

FRAMES = int(os.environ.get("MNISTLAB_FUZZ", "100"))
"""Random frames to send; many more are sent by hand: MNISTLAB_FUZZ=2000."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with web_app(tmp_path_factory.mktemp("server"), "--sessions", str(PLACES)) as server:
        yield server


@pytest.fixture
def address(server: Server) -> str:
    return server.address


@pytest.fixture
def opened(address: str) -> Iterator[list[requests.Response]]:
    """As many pages as there are places; the test's end closes them in the way a page closes itself."""
    pages = [requests.get(address, timeout=DEADLINE) for _ in range(PLACES)]
    yield pages
    for page in pages:
        close(address, page)


def kernel_of(page: requests.Response) -> str:
    return str(re.findall(r'"kernelId": "([^"]+)"', page.text)[0])


def close(address: str, page: requests.Response) -> None:
    url, token = f"{address}voila/api/shutdown/{kernel_of(page)}", {"_xsrf": page.cookies["_xsrf"]}
    assert requests.post(url, data=token, cookies=page.cookies, timeout=DEADLINE).status_code == 204


def test_it_prints_its_address_once_it_answers(server: Server) -> None:
    printed = server.process.output().splitlines()
    assert printed[0] == f"Serving the drawing pad at {server.address.rstrip('/')} (Ctrl-C ends it)"


def test_a_page_has_title_and_pad_but_no_source_and_loads_nothing_from_other_servers(
    opened: list[requests.Response],
) -> None:
    page = opened[0].text
    assert "<title>mnistlab: draw a digit</title>" in page
    assert "widget-view" in page
    for not_shown in ("import ", "DrawingPad(run", "read_picture", "Can it read what you draw?", "What we learned"):
        assert not_shown not in page
    assert not re.findall(r"""(?:src|href)=["']https?:[^"']*|import [^;]* from ['"]https?:[^'"]*""", page)


def test_every_page_has_a_kernel_of_its_own(opened: list[requests.Response]) -> None:
    assert len({kernel_of(page) for page in opened}) == PLACES


def test_at_the_limit_a_page_says_so_until_a_place_is_free(address: str, opened: list[requests.Response]) -> None:
    turned_away = requests.get(address, timeout=DEADLINE)
    assert turned_away.status_code == 503
    assert int(turned_away.headers["Retry-After"]) > 0
    assert f"All {PLACES} sessions of the drawing pad are in use" in turned_away.text
    close(address, opened.pop())
    again = requests.get(address, timeout=DEADLINE)
    assert again.status_code == 200
    opened.append(again)


def state_of(address: str, kernel_id: str) -> str:
    return str(requests.get(f"{address}voila/pad/{kernel_id}", timeout=DEADLINE).json()["state"])


def pool_of(server: Server, opened: list[requests.Response]) -> list[str]:
    return [kernel_id for kernel_id in server.kernels() if kernel_id not in map(kernel_of, opened)]


def pages_that_answer(address: str, count: int) -> list[requests.Response]:
    pages = [requests.get(address, timeout=DEADLINE) for _ in range(count)]
    assert [state_of(address, kernel_of(page)) for page in pages] == ["answers"] * count
    return pages


def test_a_killed_kernel_stays_dead_and_frees_its_place(
    server: Server, address: str, opened: list[requests.Response]
) -> None:
    killed = kernel_of(opened.pop())
    assert state_of(address, killed) == "answers"
    server.kernels()[killed].kill()
    wait_until(lambda: state_of(address, killed) == "ended")
    wait_until(lambda: requests.get(f"{address}api/kernels/{killed}", timeout=DEADLINE).status_code == 404)
    assert killed not in server.kernels()
    opened += pages_that_answer(address, 1)


def test_kernels_killed_before_a_page_gets_them_are_replaced(
    server: Server, address: str, opened: list[requests.Response]
) -> None:
    while opened:
        close(address, opened.pop())
    wait_until(lambda: len(server.kernels()) >= WebSettings.warm_kernels)
    for kernel in server.kernels().values():
        kernel.kill()
    opened += pages_that_answer(address, PLACES)


def test_a_kernel_that_hangs_is_not_given_out_and_its_page_is_told(
    server: Server, address: str, opened: list[requests.Response]
) -> None:
    close(address, opened.pop())
    (page,) = map(kernel_of, opened)
    hanging: list[str] = []

    def all_answer() -> bool:
        """Whether all kernels answer; asked slowly, because a kernel that starts waits until nobody asks for 0.2 s."""
        time.sleep(1)
        hanging[:] = [page, *pool_of(server, opened)]
        return len(hanging) > 1 and all(state_of(address, kernel_id) == "answers" for kernel_id in hanging)

    wait_until(all_answer)
    kernels = server.kernels()
    for kernel_id in hanging:
        kernels[kernel_id].suspend()
    opened += pages_that_answer(address, 1)
    assert state_of(address, page) == "silent"
    kernels[page].resume()
    assert state_of(address, page) == "answers"


def test_no_address_gets_around_the_limit(address: str, opened: list[requests.Response]) -> None:
    """With a template of its own in the address, Voilà started a kernel that was not counted."""
    close(address, opened.pop())
    opened.append(requests.get(f"{address}?template=x&theme=y", timeout=DEADLINE))
    assert requests.get(f"{address}?template=x", timeout=DEADLINE).status_code == 503


def test_the_notebook_itself_is_not_served(address: str) -> None:
    for path in ("voila/files/04_draw.ipynb", "04_draw.ipynb", "voila/files/../mnistlab/app.py", "voila/files/a.png"):
        answer = requests.get(address + path, timeout=DEADLINE, allow_redirects=True)
        assert (answer.status_code, answer.text) == (404, "404 Not Found\n"), path


UNKNOWN = "00000000-0000-0000-0000-000000000000"

WRONG = [
    "api/kernels",
    "api/kernels/none",
    f"api/kernels/{UNKNOWN}",
    f"api/kernels/{UNKNOWN}/channels",
    "voila/templates/",
]
WRONG += [
    "voila/static/../../x",
    "voila/labextensions/%00",
    "voila/api/themes/../x",
    "api/me",
    "login",
    "metrics",
    "%ff%fe",
]


@pytest.mark.parametrize("path", WRONG)
def test_an_error_is_one_line_without_paths(address: str, path: str) -> None:
    answer = requests.get(address + path, timeout=DEADLINE)
    assert answer.status_code >= 400
    assert re.fullmatch(r"\d{3} [A-Z][A-Za-z -]+\n", answer.text)


def test_every_answer_keeps_other_sites_out(address: str, opened: list[requests.Response]) -> None:
    for answer in (opened[0], requests.get(address + "nothing", timeout=DEADLINE)):
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Server"] == "mnistlab", "no versions"


def test_a_page_with_arguments_starts_no_kernel_beside_the_pool(address: str) -> None:
    answer = requests.get(address + "?theme=dark&template=base", timeout=DEADLINE, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("path", ["", "voila/static/", "api/kernels/x/channels"])
def test_a_host_that_is_not_ours_is_refused_everywhere(address: str, path: str) -> None:
    answer = requests.get(address + path, headers={"Host": "evil.example:5000"}, timeout=DEADLINE)
    assert (answer.status_code, answer.text.count("\n")) == (421, 1)
    assert "--origin" in answer.text


@contextmanager
def websocket(address: str, page: requests.Response, **options: Any) -> Iterator[ClientConnection]:
    url = f"{address.replace('http', 'ws')}api/kernels/{kernel_of(page)}/channels"
    with connect(url, proxy=None, open_timeout=DEADLINE, max_size=None, **options) as socket:
        yield socket


def close_code(socket: ClientConnection) -> int:
    """Read until the server closes, and return why it did."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=DEADLINE)
    return socket.protocol.close_code


ATTACKS = {
    "2**64 offsets": (b"\xff" * 8, [V1], 1008),
    "binary without the subprotocol": (b"\xff" * 8, None, 1008),
    "text with the subprotocol": ("{}", [V1], 1008),
    "no JSON": ("{", None, 1008),
    "deeply nested": ("[" * 100_000, None, 1008),
    "too long": (bytes(MAX_FRAME + 1), [V1], 1009),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_frame_that_no_page_sends_closes_its_socket_and_nothing_else(
    address: str, opened: list[requests.Response], attack: str
) -> None:
    frame, subprotocols, code = ATTACKS[attack]
    with websocket(address, opened[0], subprotocols=subprotocols) as socket:
        socket.send(frame)
        assert close_code(socket) == code
    assert requests.get(f"{address}api/kernels/{kernel_of(opened[0])}", timeout=DEADLINE).ok


def test_a_page_of_another_origin_opens_no_websocket(address: str, opened: list[requests.Response]) -> None:
    with pytest.raises(InvalidStatus, match="403"), websocket(address, opened[0], origin="http://evil.example"):
        pass


def test_a_flood_of_messages_closes_its_socket(address: str, opened: list[requests.Response]) -> None:
    message = {
        "header": {"msg_type": "nothing"},
        "parent_header": {},
        "metadata": {},
        "content": {},
        "channel": "shell",
    }
    with websocket(address, opened[0]) as socket:
        with suppress(ConnectionClosed):
            for _ in range(20 * BURST):
                socket.send(json.dumps(message))
        assert close_code(socket) == 1008


def test_hundreds_of_random_frames_neither_stop_nor_fill_the_server(
    server: Server, opened: list[requests.Response]
) -> None:
    rng = random.Random(0)
    message = {"header": {"msg_type": "comm_msg"}, "parent_header": {}, "metadata": {}, "content": {"comm_id": "x"}}
    whole = serialize_msg_to_ws_v1([json.dumps(part).encode() for part in message.values()], "shell")
    for _ in range(FRAMES):
        frame: str | bytes = bytearray(whole)
        for _ in range(rng.randrange(6)):
            frame[rng.randrange(len(frame))] = rng.choice([0, 1, 127, 255])
        frame = bytes(frame[: rng.choice([len(frame), rng.randrange(len(frame))])])
        if rng.random() < 0.3:
            frame = frame.decode("latin-1")
        with (
            websocket(server.address, opened[0], subprotocols=rng.choice([[V1], None])) as socket,
            suppress(ConnectionClosed),
        ):
            socket.send(frame)
    assert requests.get(f"{server.address}api/kernels/{kernel_of(opened[0])}", timeout=DEADLINE).ok
    assert psutil.Process(server.process.pid).memory_info().rss < 600_000_000


@pytest.mark.skipif(os.name != "posix", reason="the channels of kernels are ports there")
def test_the_channels_of_kernels_are_no_ports(server: Server, opened: list[requests.Response]) -> None:
    """One port is left: ipykernel takes the output of forked processes there, with a secret."""
    kernels = family(server.process)[1:]
    assert len(kernels) >= len(opened)
    listening = [connection for kernel in kernels for connection in kernel.net_connections("inet")]
    listening = [connection for connection in listening if connection.status == psutil.CONN_LISTEN]
    assert len(listening) <= len(kernels)
    assert {connection.laddr.ip for connection in listening} <= {"127.0.0.1"}


@pytest.mark.parametrize("option", [["--host", ""], ["--origin", "digits.example.org"]])
def test_an_option_that_names_no_host_is_one_clear_line(option: list[str]) -> None:
    command = [sys.executable, "-c", "from mnistlab.cli import main; main()", "app", *option]
    run = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].startswith("Error: ")


def test_a_port_in_use_is_one_clear_line(address: str) -> None:
    port = address.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-c", "from mnistlab.cli import main; main()", "app", "--port", port]
    run = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"Error: cannot listen at 127.0.0.1:{port}: Address already in use; choose another port with --port"
    ]


def test_it_ends_its_kernels_when_it_ends(tmp_path: Path) -> None:
    with web_app(tmp_path) as server:
        requests.get(server.address, timeout=DEADLINE)
        members = family(server.process)
        assert len(members) > 1
        server.process.terminate()
        wait_for_end(members)
