import os
import subprocess
import sys

PROGRAM = """
import os, threading, time
from mnistlab.system.stderr import native_stderr_discarded

started = threading.Barrier(8)

def silence():
    started.wait()
    for _ in range(50):
        with native_stderr_discarded():
            time.sleep(0.0002)

threads = [threading.Thread(target=silence) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
os.write(2, b"heard")
print(len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else "")
"""


def test_after_many_threads_stderr_is_open_again_and_no_descriptor_is_left() -> None:
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert run.stderr == "heard"
    if os.path.isdir("/proc/self/fd"):  # noqa: PTH112
        assert int(run.stdout) <= 4


def test_what_is_written_meanwhile_goes_nowhere() -> None:
    program = (
        "import os; from mnistlab.system.stderr import native_stderr_discarded\n"
        "with native_stderr_discarded(): os.write(2, b'lost')\n"
        "os.write(2, b'heard')"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stderr == "heard"
