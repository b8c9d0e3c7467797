"""The web app's server, without a browser."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from processes import DEADLINE, family, wait_for_end, wait_until
from servers import Server, web_app

from mnistlab.web.settings import WebSettings

PLACES = 2


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
    wait_until(lambda: pool_of(server, opened))
    hanging = [page, *pool_of(server, opened)]
    wait_until(lambda: all(state_of(address, kernel_id) == "answers" for kernel_id in hanging))
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
    for path in ("voila/files/04_draw.ipynb", "04_draw.ipynb", "voila/files/../mnistlab/app.py"):
        answer = requests.get(address + path, timeout=DEADLINE, allow_redirects=True)
        assert answer.status_code in (403, 404), path


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
