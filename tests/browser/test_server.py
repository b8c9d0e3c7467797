"""The web app's server, without a browser."""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
import requests
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from processes import DEADLINE, family, wait_for_end, wait_until
from servers import Server, web_app
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from mnistlab.web.answers import MAX_SOCKETS
from mnistlab.web.frames import BURST, BYTE_RATE, MAX_FRAME, V1
from mnistlab.web.settings import WebSettings

PLACES = 2

ORIGIN = "https://digits.example.org"
"""Of a proxy before the app."""

FRAMES = int(os.environ.get("MNISTLAB_FUZZ", "100"))
"""Random frames to send; many more are sent by hand: MNISTLAB_FUZZ=2000."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with web_app(tmp_path_factory.mktemp("server"), "--sessions", str(PLACES), "--origin", ORIGIN) as server:
        yield server


@pytest.fixture
def address(server: Server) -> str:
    return server.address


@pytest.fixture(scope="module")
def pages() -> list[requests.Response]:
    """Pages that tests before left open: each costs a kernel."""
    return []


@pytest.fixture
def opened(address: str, pages: list[requests.Response]) -> list[requests.Response]:
    """As many pages as there are places; a test that closes one, or spoils its kernel, takes it out."""
    pages += [requests.get(address, timeout=DEADLINE) for _ in range(PLACES - len(pages))]
    return pages


def kernel_of(page: requests.Response) -> str:
    return str(re.findall(r'"kernelId": "([^"]+)"', page.text)[0])


def close(address: str, page: requests.Response, **headers: str) -> None:
    url, token = f"{address}voila/api/shutdown/{kernel_of(page)}", {"_xsrf": page.cookies["_xsrf"]}
    answer = requests.post(url, data=token, cookies=page.cookies, headers=headers, timeout=DEADLINE)
    assert answer.status_code == 204


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


def test_a_page_of_another_site_takes_no_session(address: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert requests.get(address, headers=headers, timeout=DEADLINE).status_code == 403


def test_a_page_behind_a_proxy_that_changes_the_host_can_report_that_it_was_closed(
    address: str, opened: list[requests.Response]
) -> None:
    close(address, opened.pop(), Origin=ORIGIN)


def test_a_page_of_another_site_cannot_end_a_kernel(address: str, opened: list[requests.Response]) -> None:
    with pytest.raises(AssertionError):
        close(address, opened[0], Origin="https://evil.example")
    kernel, token = f"{address}api/kernels/{kernel_of(opened[0])}", {"X-XSRFToken": opened[0].cookies["_xsrf"]}
    answer = requests.delete(kernel, headers=token, cookies=opened[0].cookies, timeout=DEADLINE)
    assert answer.status_code == 405, "the page has another address for this"
    assert state_of(address, kernel_of(opened[0])) == "answers"


@contextmanager
def websocket(
    address: str, page: requests.Response, subprotocol: str | None = V1, session: str = "", **options: Any
) -> Iterator[ClientConnection]:
    url = f"{address.replace('http', 'ws')}api/kernels/{kernel_of(page)}/channels?session_id={session}"
    options["subprotocols"] = [subprotocol] if subprotocol else None
    with connect(url, proxy=None, open_timeout=DEADLINE, max_size=None, **options) as socket:
        yield socket


def message(message_type: str, content: object, **header: object) -> list[bytes]:
    """Return a message's parts; a kernel takes none twice."""
    header = {"msg_type": message_type, "session": "page", "username": "", "version": "5.2", **header}
    header["msg_id"] = uuid4().hex
    return [json.dumps(part).encode() for part in (header, {}, {}, content)]


def framed(message_type: str, content: object) -> bytes:
    return serialize_msg_to_ws_v1(message(message_type, content), "shell")


def received(socket: ClientConnection, last: str) -> list[tuple[str, bytes]]:
    """Return type and content of all messages up to the first of a type."""
    messages: list[tuple[str, bytes]] = []
    while not messages or messages[-1][0] != last:
        _, (header, _, _, content, *_) = deserialize_msg_from_ws_v1(socket.recv(timeout=DEADLINE))
        messages.append((json.loads(header)["msg_type"], content))
    return messages


def widgets(socket: ClientConnection) -> list[str]:
    """Return the names of all widgets' comms."""
    socket.send(framed("comm_info_request", {"target_name": "jupyter.widget"}))
    return list(json.loads(received(socket, "comm_info_reply")[-1][1])["comms"])


def close_code(socket: ClientConnection) -> int:
    """Read until the server closes, and return why it did."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=DEADLINE)
    return socket.protocol.close_code


ATTACKS = {
    "2**64 offsets": (b"\xff" * 8, {1008}),
    "text": ("{}", {1008}),
    "deeply nested": (serialize_msg_to_ws_v1([b"[" * 100_000] * 4, "shell"), {1008}),
    "ends its kernel": (framed("shutdown_request", {"restart": False}), {1008}),
    "too long": (bytes(MAX_FRAME + 1), {1009, 1006}),  # 1006: closed while it was still sent, so the code is lost
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_frame_that_no_page_sends_closes_its_socket_and_nothing_else(
    address: str, opened: list[requests.Response], attack: str
) -> None:
    frame, codes = ATTACKS[attack]
    with websocket(address, opened[0]) as socket:
        socket.send(frame)
        assert close_code(socket) in codes
    assert requests.get(f"{address}api/kernels/{kernel_of(opened[0])}", timeout=DEADLINE).ok


def test_a_page_of_another_origin_opens_no_websocket(address: str, opened: list[requests.Response]) -> None:
    with pytest.raises(InvalidStatus, match="403"), websocket(address, opened[0], origin="http://evil.example"):
        pass


def test_a_websocket_without_the_subprotocol_is_refused(address: str, opened: list[requests.Response]) -> None:
    """Voilà would read each binary frame to it as if it had one: the first with a buffer kept it busy for ever."""
    with pytest.raises(InvalidStatus, match="400"), websocket(address, opened[0], subprotocol=None):
        pass


@pytest.mark.parametrize("session", ["x" * 300, "%F0%9F%98%80", "a.b"])
def test_a_websocket_with_a_name_that_no_page_has_is_refused(
    address: str, opened: list[requests.Response], session: str
) -> None:
    with pytest.raises(InvalidStatus, match="400"), websocket(address, opened[0], session=session):
        pass


def test_a_page_has_few_websockets(address: str, opened: list[requests.Response]) -> None:
    with ExitStack() as stack:
        for _ in range(MAX_SOCKETS):
            stack.enter_context(websocket(address, opened[0]))
        with pytest.raises(InvalidStatus, match="429"), websocket(address, opened[0]):
            pass
        with websocket(address, opened[1]):
            pass

    def is_free() -> bool:
        with suppress(InvalidStatus), websocket(address, opened[0]):
            return True
        return False

    wait_until(is_free)


def test_a_page_gets_no_traceback_from_its_kernel(address: str, opened: list[requests.Response]) -> None:
    with websocket(address, opened[0]) as socket:
        socket.send(framed("comm_open", {"comm_id": "a", "target_name": "jupyter.widget.control", "data": {}}))
        for comm_id in ["a", *widgets(socket)]:
            for data in ({"method": "x"}, {"method": "update", "state": 3}, {"method": "custom", "content": 3}):
                socket.send(framed("comm_msg", {"comm_id": comm_id, "data": data}))
        socket.send(framed("kernel_info_request", {}))
        messages = received(socket, "kernel_info_reply")
    assert {"error", "stream"}.isdisjoint(kind for kind, _ in messages)
    assert not [content for _, content in messages if b"Traceback" in content or b"site-packages" in content]


def test_a_flood_of_messages_closes_its_socket(address: str, opened: list[requests.Response]) -> None:
    with websocket(address, opened[0]) as socket:
        with suppress(ConnectionClosed):
            for _ in range(20 * BURST):
                socket.send(framed("comm_close", {"comm_id": "none"}))
        assert close_code(socket) == 1008


def test_messages_to_a_kernel_that_hangs_do_not_fill_the_server(
    server: Server, opened: list[requests.Response]
) -> None:
    kernel = server.kernels()[kernel_of(opened[0])]
    with websocket(server.address, opened[0]) as socket:
        widgets(socket)
        kernel.suspend()
        with suppress(ConnectionClosed):
            for _ in range(60):
                socket.send(framed("comm_msg", {"comm_id": "none", "data": {"x": "x" * (MAX_FRAME - 1000)}}))
                with suppress(TimeoutError):
                    socket.recv(timeout=MAX_FRAME / BYTE_RATE)
        code = close_code(socket)
        kernel.resume()
    assert (code, socket.protocol.close_reason) == (1008, "too many messages wait")


def random_frames(rng: random.Random, widgets: list[str]) -> Iterator[str | bytes]:
    """Yield frames of a page with random changes: in what they say, their channel, their bytes, their form."""
    values: list[Any] = [None, -1, 10**400, "x", "\0", [], {}, {"a": [[[]]]}, "[" * 500, float("nan"), True, ""]
    kinds = ["comm_msg"] * 5 + ["comm_open", "comm_close", "comm_info_request", "execute_request"]
    while True:
        data = {
            "method": rng.choice(["update", "custom", "request_state", "x"]),
            "state": {"value": rng.choice(values)},
        }
        data["content"] = {"event": rng.choice(["mouse_down", "mouse_move", "x"]), "x": rng.choice(values), "y": 1}
        content = {"comm_id": rng.choice(widgets), "data": data, "target_name": "jupyter.widget"}
        if rng.random() < 0.3:
            content[rng.choice([*content])] = rng.choice(values)
        header = {"subshell_id": rng.choice(values)} if rng.random() < 0.1 else {}
        buffers = [rng.randbytes(rng.randrange(300))] * rng.randrange(3)
        channel = rng.choice(["shell"] * 8 + ["control", "iopub", ""])
        frame = bytearray(serialize_msg_to_ws_v1([*message(rng.choice(kinds), content, **header), *buffers], channel))
        if rng.random() < 0.5:
            for _ in range(rng.randrange(6)):
                frame[rng.randrange(len(frame))] = rng.choice([0, 1, 127, 255])
        if rng.random() < 0.1:
            frame[:8] = rng.choice([2**64 - 1, 2**63, 2**32, 10**6, 0, 1, 2]).to_bytes(8, "little")
        if rng.random() < 0.1:
            del frame[rng.randrange(len(frame)) :]
        yield frame.decode("latin-1") if rng.random() < 0.05 else bytes(frame)


def test_random_frames_neither_stop_nor_fill_the_server(server: Server, opened: list[requests.Response]) -> None:
    process, most = psutil.Process(server.process.pid), 0
    with websocket(server.address, opened[0]) as socket:
        frames = islice(random_frames(random.Random(0), widgets(socket)), FRAMES)
    left = FRAMES
    while left:
        with websocket(server.address, opened[0]) as socket, suppress(ConnectionClosed):
            for frame in frames:
                left -= 1
                socket.send(frame)
                most = max(most, process.memory_info().rss)
                with suppress(TimeoutError):
                    socket.recv(timeout=0.001)
    assert most < 600_000_000
    close(server.address, opened.pop(0))
    opened += pages_that_answer(server.address, 1)


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
