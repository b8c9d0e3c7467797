"""Servers on this machine that do not do what a mirror should."""

import gzip
import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import requests
from tqdm import tqdm

from mnistlab.datasets.transfer import Limits, download

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"


class Server:
    """Answers each connection with the same bytes; then it closes it, or goes on sending one byte now and then."""

    def __init__(self) -> None:
        self.answer, self.drips = b"", False
        self.asked = 0
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/file"
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.asked += 1
                self._threads.append(threading.Thread(target=self._answer, args=(connection,)))
                self._threads[-1].start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(self.answer)
            while self.drips and not self._ended.wait(0.01):
                connection.sendall(b"x")

    def close(self) -> None:
        self._ended.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


Refused = Callable[..., str]
TEN = Limits(10)


@pytest.fixture
def refused(server: Server) -> Refused:
    """A function that has the server answer so, and returns why the download failed."""

    def refused(answer: bytes, drips: bool = False, limits: Limits = TEN) -> str:
        server.answer, server.drips = answer, drips
        with pytest.raises(OSError) as caught, tqdm(disable=True) as bar:  # noqa: PT011  # what it says is returned
            download(server.url, limits, bar)
        return str(caught.value)

    return refused


def test_a_file_comes_as_it_is(server: Server) -> None:
    server.answer = HEAD + b"0123456789"
    with tqdm(disable=True) as bar:
        assert download(server.url, Limits(10), bar) == b"0123456789"


SLOW = Limits(10**9, grace=0.3, speed=10_000)


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"],
    ids=["before the status", "in the header", "in the body", "without an end"],
)
def test_a_server_that_sends_a_byte_now_and_then_is_given_up(refused: Refused, answer: bytes) -> None:
    assert refused(answer, drips=True, limits=SLOW).startswith("too slow: 0 bytes in ")


def test_a_server_that_says_nothing_is_given_up(refused: Refused, server: Server) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, pytest.raises(TimeoutError, match="too slow: 0 bytes"), tqdm(disable=True) as bar:
        download(f"http://127.0.0.1:{silent.getsockname()[1]}/", SLOW, bar)


def test_more_than_the_known_size_is_not_read(refused: Refused) -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(100_000)
    assert refused(HEAD, limits=Limits(9)) == "too much: 10 bytes or more, expected 9 at most", "announced"
    assert refused(endless, drips=True).startswith("too much: 16,384 bytes or more"), "sent"
    packed = gzip.compress(bytes(10**7))
    bomb = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed
    assert refused(bomb, limits=Limits(20_000)).startswith("too much: "), "unpacked"


def test_what_ends_early_is_no_file(refused: Refused) -> None:
    assert "5 bytes read, 5 more expected" in refused(HEAD + b"01234")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "gopher://127.0.0.1/"])
def test_no_redirection_leads_out_of_the_web(refused: Refused, target: str) -> None:
    said = refused(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())
    assert said.startswith("No connection adapters were found for ")


def test_redirections_end(refused: Refused, server: Server) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /file\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert refused(answer) == "Exceeded 5 redirects."
    assert server.asked <= 6


def test_an_encrypted_connection_is_not_left_for_an_open_one(monkeypatch: pytest.MonkeyPatch) -> None:
    response, before = requests.Response(), requests.Response()
    response.url, before.url, response.status_code = "http://a/x", "https://a/x", 200
    response.history, response.raw = [before], io.BytesIO(b"x")
    monkeypatch.setattr(requests.Session, "get", lambda *arguments, **options: response)
    with pytest.raises(OSError, match="redirected from https to http://a/x"), tqdm(disable=True) as bar:
        download("https://a/x", Limits(10), bar)
