"""Other Python processes that share the work on a large corpus; results are those of one process, in its order."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, TypeVar

MOST_JOBS = 4
"""Processes that are used unless more are asked for: beyond, reading by one process is what takes the time."""

_SERVE = "import sys; _, with_kernels, *sys.path = sys.argv; from analysis import workers; workers.serve(with_kernels)"
_SIZE = struct.Struct("<Q")
_AHEAD = 4  # tasks for each other process: it must not run out of them while this one is busy
_PATIENCE = 5.0
_PIPE = 2**20  # each time that one is read, this process must have the interpreter to itself

Item = TypeVar("Item")
Result = TypeVar("Result")


def n_jobs(jobs: int | None = None) -> int:
    """Return how many processes to use: so many, or one per processor that this process may use, `MOST_JOBS` at most.

    Raises
    ------
    ValueError
        If ``jobs`` is below 1.
    """
    if jobs is None:
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return min(usable, MOST_JOBS)
    if jobs < 1:
        raise ValueError(f"jobs must be 1 at least, not {jobs}")
    return jobs


class Workers:
    """The process that is running and some others, which take tasks from one queue, each the next that is due.

    The others are plain Python processes that import this package and nothing of the caller's: no guard of
    ``__main__`` is needed, in a notebook or a script, on any system. Where none can be started, or where one dies, its
    task is done here.

    Parameters
    ----------
    n : callable
        Gives the number of processes to use besides this one. It is asked before each task until it gives some, which
        then start.
    prepared : callable, optional
        Says, when they start, whether they load the compiled `kernels` before the first task.
    """

    def __init__(self, n: Callable[[], int], *, prepared: Callable[[], bool] = lambda: False) -> None:
        self._wanted, self._prepared = n, prepared
        self._n = self._n_ready = 0
        self._queue: deque[_Task] = deque()
        self._changed = threading.Condition()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._threads: list[threading.Thread] = []
        self._closed = False

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield ``function(item)`` for each item, in their order; a few items are taken ahead of the results.

        Parameters
        ----------
        function : callable at the top of a module of this package
        items : iterable
        """
        ahead: deque[_Task] = deque()
        for item in items:
            if not self._n:
                self._start()
            ahead.append(self._put(_Task(function, item)))
            del item
            if len(ahead) > _AHEAD * self._n:
                yield self._result(ahead.popleft())
        while ahead:
            yield self._result(ahead.popleft())

    @property
    def are_ready(self) -> bool:
        """Whether no process is still on its way to its first task, or one is beyond."""
        return self._n_ready > 0 or not self._processes

    def close(self) -> None:
        """Stop the other processes."""
        with self._changed:
            self._closed = True
            self._queue.clear()
            self._changed.notify_all()
        for process in self._processes:
            process.kill()
        for thread in self._threads:
            thread.join(timeout=_PATIENCE)
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                try:
                    pipe.close()  # type: ignore[union-attr]
                except OSError:  # what was not sent to it yet
                    continue
        self._processes, self._threads = [], []

    def _put(self, task: _Task) -> _Task:
        with self._changed:
            self._queue.append(task)
            self._changed.notify_all()
        return task

    def _start(self) -> None:
        self._n = self._wanted()
        for _ in range(self._n):
            try:
                process = _process(with_kernels=self._prepared())
            except (OSError, ValueError, TypeError):  # TypeError: a Python that does not know where it is
                return
            self._processes.append(process)
            self._threads.append(threading.Thread(target=self._drive, args=(process,), daemon=True))
            self._threads[-1].start()

    def _result(self, task: _Task) -> Any:
        """Wait for a task, and work on what is queued meanwhile, on the task itself first."""
        while True:
            with self._changed:
                while not (task.done or self._queue):
                    self._changed.wait()
                if task.done:
                    return task.result
                own = task if task in self._queue else self._queue[0]
                self._queue.remove(own)
            own.finish(own.function(own.item))

    def _drive(self, process: subprocess.Popen[bytes]) -> None:
        """Give tasks to a process once it is ready, until there are no more; what it does not do is done here."""
        try:
            _receive(process.stdout)  # type: ignore[arg-type]
        except Exception:  # it died before it was ready
            return
        with self._changed:
            self._n_ready += 1
        while (task := self._take()) is not None:
            works, is_done, result = True, False, None
            try:
                _send(process.stdin, (task.function, task.item))  # type: ignore[arg-type]
                is_done, result = _receive(process.stdout)  # type: ignore[arg-type]
            except Exception:  # it died, or what it is sent cannot be: no task may be lost
                works = False
            with self._changed:
                if is_done:
                    task.finish(result)
                else:  # this process will do it, and raise what it raises
                    task.stays = True
                    self._queue.appendleft(task)
                self._changed.notify_all()
            if not works:
                return

    def _take(self) -> _Task | None:
        """Wait for a task that may be given away; None when there will be no more."""
        with self._changed:
            while not self._closed:
                task = next((t for t in self._queue if not t.stays), None)
                if task is not None:
                    self._queue.remove(task)
                    return task
                self._changed.wait()
        return None


class _Task:
    def __init__(self, function: Callable[[Any], Any], item: Any) -> None:
        self.function, self.item = function, item
        self.result: Any = None
        self.done = self.stays = False

    def finish(self, result: Any) -> None:
        self.item, self.result, self.done = None, result, True


def _process(*, with_kernels: bool = False) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, "kernels" * with_kernels, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    for pipe in (process.stdin, process.stdout):
        _widen(pipe)  # type: ignore[arg-type]
    return process


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold more, where that can be asked for and this user may have it."""
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
    except (ImportError, AttributeError, OSError):
        return


def serve(with_kernels: str) -> None:
    """Do the tasks that come in by standard input until it is closed, as a process that `Workers` started.

    Parameters
    ----------
    with_kernels : str, not empty if the compiled `kernels` are loaded first
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one hears it, and ends this one
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that is printed gets between the results
    from analysis import compiled, intake  # noqa: F401  what takes time to import, before the first task is taken

    if with_kernels:
        compiled.load()

    gc.freeze()
    gc.set_threshold(100_000)  # what tasks make is not circular
    _send(target, "ready")
    while True:
        try:
            function, item = _receive(source)
        except EOFError:
            return
        try:
            answer = True, function(item)
        except Exception:  # raised again by the process that takes the task back
            answer = False, None
        _send(target, answer)


def _send(target: IO[bytes], message: object) -> None:
    """Write a message: how many pieces it has, how long each is, and the pieces, arrays and texts as they lie."""
    buffers: list[pickle.PickleBuffer] = []
    data = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    pieces = [memoryview(data), *(b.raw() for b in buffers)]
    target.write(struct.pack(f"<{len(pieces) + 1}Q", len(pieces), *map(len, pieces)))
    for piece in pieces:
        target.write(piece)
    target.flush()


def _receive(source: IO[bytes]) -> Any:
    (n,) = _SIZE.unpack(_read(source, _SIZE.size))
    data, *buffers = [_read(source, size) for size in struct.unpack(f"<{n}Q", _read(source, n * _SIZE.size))]
    return pickle.loads(data, buffers=buffers)


def _read(source: IO[bytes], size: int) -> bytearray:
    data = bytearray(size)
    if source.readinto(data) < size:  # type: ignore[attr-defined]
        raise EOFError
    return data
