"""Text out of documents, safely: the only door through which strangers' files are read.

A document is never parsed in this process. `DocumentReader` starts one child that serves many files
and dies alone: of memory, of time, or of a parser's fault. This side opens the file (nothing but a
regular file), passes the descriptor, waits for as long as the limits allow, and believes nothing it
is told without looking.

    with DocumentReader() as reader:
        extracted = reader.extract(Path("convention.pdf"))
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import weakref
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from tracker.reading.child import EXIT_MEMORY, HEADER
from tracker.reading.formats.base import Limits, Ocr
from tracker.reading.messages import ERRORS, WARNINGS, hint, one_line, sentence
from tracker.reading.types import ExtractedText, ReadingWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

__all__ = ["DocumentError", "DocumentReader", "Limits", "extract_once", "find_ocr", "shown_name"]

logger = logging.getLogger(__name__)

_SHOWN_NAME = 120
_ENVIRONMENT = ("TESSDATA_PREFIX", "SYSTEMROOT")
# The folder of the package is appended, not put first: an installed package is found where it is
# installed, and a checkout that is not installed is found too, from whatever directory we run.
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); from tracker.reading.child import main; main()"
)
_PACKAGE_FOLDER = str(Path(__file__).resolve().parents[2])


class DocumentError(Exception):
    """A document that cannot be read, and why: `code` is stable, `message` is for a person."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        self.code = code if code in ERRORS else "crashed"
        self.params = dict(params or {})
        super().__init__(self.message())

    def message(self, lang: str = "fr") -> str:
        """Return what happened, in one line of French or English."""
        return sentence(ERRORS[self.code], self.params, lang)

    def hint(self, lang: str = "fr") -> str:
        """Return what to do about it, in one line."""
        return hint(ERRORS[self.code], lang)


class DocumentReader:
    """Reads documents in a child process, one at a time; safe to share between threads.

    The child starts with the first document. `lang` is the language of the warnings.
    """

    def __init__(
        self, limits: Limits | None = None, *, ocr: Ocr | None = None, lang: str = "fr"
    ) -> None:
        self.limits = limits or Limits()
        self.lang = lang
        self._ocr = ocr
        self._request: bytes | None = None
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if any; a later `extract` starts another."""
        with self._lock:
            self._end_child()

    def extract(self, path: str | os.PathLike[str]) -> ExtractedText:
        """Return the text of the document at `path`; raise DocumentError when it cannot be read."""
        descriptor = open_document(path, self.limits.file_bytes)
        try:
            with self._lock:
                return self._extract(descriptor)
        finally:
            os.close(descriptor)

    def _extract(self, descriptor: int) -> ExtractedText:
        if self._child is not None and self._child.served >= self.limits.files_per_child:
            self._end_child()
        fresh = self._child is None
        try:
            return self._ask(descriptor)
        except DocumentError as error:
            # A child that has served others may have died of what they left behind, or been ended
            # from outside while it waited: the document gets a second hearing, from a new one.
            if fresh or error.code not in {"crashed", "memory"} or self._child is not None:
                raise
            return self._ask(descriptor)

    def _ask(self, descriptor: int) -> ExtractedText:
        child = self._child or self._start_child()
        try:
            child.send(descriptor, self._request_bytes())
            answer = child.answer(self.limits)
        except BaseException:
            self._end_child()  # whatever it was doing: never hear the rest of it as the next answer
            raise
        child.served += 1
        return self._believe(answer)

    def _request_bytes(self) -> bytes:
        """Return the request, the same for every document: limits, and where OCR is."""
        if self._request is None:
            self._ocr = self._ocr or find_ocr()
            request = {"limits": asdict(self.limits), "ocr": asdict(self._ocr)}
            body = json.dumps(request).encode("ascii")
            self._request = HEADER.pack(len(body)) + body
        return self._request

    def _start_child(self) -> _Child:
        self._child = _Child(self.limits)
        try:
            self._child.wait_until_ready(self.limits)
        except BaseException:
            self._end_child()
            raise
        return self._child

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _believe(self, answer: Mapping[str, Any]) -> ExtractedText:
        """Return the answer as a value, each part checked: a child can be made to say anything."""
        if (code := answer.get("error")) is not None:
            params = answer.get("params")
            raise DocumentError(str(code), params if isinstance(params, dict) else None)
        text, starts, notes = (answer.get(key) for key in ("text", "page_starts", "notes"))
        if (
            not isinstance(text, str)
            or len(text) > self.limits.text_chars
            or not isinstance(starts, list)
            or len(starts) > self.limits.pages
            or not all(type(start) is int and 0 <= start <= len(text) for start in starts)
            or starts != sorted(starts)
            or not isinstance(notes, list)
        ):
            raise DocumentError("crashed")
        logger.debug(
            "document read", extra={"action": "document_read", "set_aside": answer.get("set_aside")}
        )
        return ExtractedText(
            text=text, page_starts=tuple(starts), warnings=tuple(map(self._warning, notes))
        )

    def _warning(self, note: object) -> ReadingWarning:
        match note:
            case [str(code), dict(params)] if code in WARNINGS:
                return ReadingWarning(
                    code=code, message=sentence(WARNINGS[code], params, self.lang)
                )
        raise DocumentError("crashed")


def extract_once(path: str | os.PathLike[str], limits: Limits | None = None) -> ExtractedText:
    """Return the text of one document; for several, share a `DocumentReader`."""
    with DocumentReader(limits) as reader:
        return reader.extract(path)


# --- The file --------------------------------------------------------------------------------


def open_document(path: str | os.PathLike[str], limit: int) -> int:
    """Return a descriptor on the regular file at `path`; refuse all else before opening it.

    Opening is an act for some things (a tape, a FIFO with a writer), so the kind is looked at first;
    and again on what was opened, which nobody can exchange any more.
    """
    try:
        _check_kind(os.stat(path), limit)  # noqa: PTH116 - Path() would not take every name
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (OSError, ValueError) as error:
        raise _refusal(error) from None
    try:
        _check_kind(os.fstat(descriptor), limit)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "directory"),
    (stat.S_ISFIFO, "FIFO"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
    (stat.S_ISSOCK, "socket"),
)


def _check_kind(found: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((name for test, name in _KINDS if test(found.st_mode)), "?")
        raise DocumentError("not_regular", {"kind": kind})
    if found.st_size == 0:
        raise DocumentError("empty_file")
    if found.st_size > limit:
        raise DocumentError("too_large", {"limit": limit})


def _refusal(error: OSError | ValueError) -> DocumentError:
    if isinstance(error, ValueError):  # a NUL, or what the file system cannot encode
        return DocumentError("bad_name")
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return DocumentError("not_found")
    if error.errno in {errno.EACCES, errno.EPERM}:
        return DocumentError("no_permission")
    if error.errno in {errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL}:
        return DocumentError("bad_name")
    return DocumentError("unreadable", {"reason": error.strerror or str(error.errno)})


def shown_name(path: str | bytes | os.PathLike[str] | os.PathLike[bytes]) -> str:
    r"""Return a file name fit to print: one line, no control character, not too long.

    Bytes that are no UTF-8 (which Python keeps as lone surrogates) appear as `\xNN`.
    """
    name = os.fsdecode(path)
    shown = "".join(
        f"\\x{ord(character) - 0xDC00:02x}"
        if "\udc80" <= character <= "\udcff"
        else one_line(character)
        for character in name
    )
    if len(shown) <= _SHOWN_NAME:
        return shown
    half = (_SHOWN_NAME - 1) // 2
    return f"{shown[:half]}…{shown[-half:]}"


# --- OCR ----------------------------------------------------------------------------------------


def find_ocr(language: str = "fra") -> Ocr:
    """Return where `tesseract` is and whether it knows `language`."""
    program = shutil.which("tesseract")
    if program is None:
        return Ocr(language=language, missing="program")
    program = str(Path(program).absolute())
    try:
        listed = subprocess.run(  # noqa: S603 - found on the user's own PATH
            [program, "--list-langs"],
            capture_output=True,
            timeout=20,
            check=False,
            env=_child_environment(),
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return Ocr(language=language, missing="program")
    languages = (listed.stdout + b"\n" + listed.stderr).decode("utf-8", "replace").split()
    if listed.returncode != 0 or language not in languages:
        return Ocr(language=language, missing="language")
    return Ocr(program=program, language=language)


# --- The child -------------------------------------------------------------------------------------


def _child_environment() -> dict[str, str]:
    """Return what the child may know of our environment: next to nothing, no secret."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # More threads make tesseract slower, not faster, on small machines.
    return environment | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}


class _Child:
    """One child process and the socket to it."""

    def __init__(self, limits: Limits) -> None:
        self.served = 0
        self._limits = limits
        ours, theirs = socket.socketpair()
        try:
            command = [
                sys.executable,
                "-I",
                "-c",
                _START,
                _PACKAGE_FOLDER,
                str(limits.memory_bytes),
            ]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_child_environment(),
                start_new_session=True,  # so that what it starts dies with it
            )
        except OSError as error:
            ours.close()
            raise DocumentError("not_started", {"reason": error.strerror}) from None
        finally:
            theirs.close()
        ours.setblocking(False)
        self._socket = ours
        # A reader that nobody closed takes its child with it when it is forgotten. (At our exit the
        # socket closes, and the child ends by itself.)
        self.end = weakref.finalize(self, _end, self._process, ours)
        self.end.atexit = False

    def wait_until_ready(self, limits: Limits) -> None:
        try:
            greeting = self._receive(time.monotonic() + limits.start_seconds, 1024)
        except DocumentError as error:
            raise DocumentError("not_started", {"reason": error.code}) from None
        if greeting != {"ready": True}:
            raise DocumentError("not_started", {"reason": "?"})

    def send(self, descriptor: int, data: bytes) -> None:
        try:
            # Far smaller than the socket's buffer, which is empty: it goes in one piece or not at all.
            sent = socket.send_fds(self._socket, [data], [descriptor])
        except OSError:
            self._explain_end()
        if sent != len(data):
            raise DocumentError("crashed")

    def answer(self, limits: Limits) -> dict[str, Any]:
        """Return the answer, giving each page under OCR its own time, for so many pages."""
        deadline = time.monotonic() + limits.wall_seconds
        largest = 4 * limits.text_chars + (1 << 20)
        for _ in range(limits.ocr_pages + 1):
            answer = self._receive(deadline, largest)
            if "progress" not in answer:
                return answer
            deadline = max(deadline, time.monotonic()) + limits.ocr_seconds
        raise DocumentError("crashed")

    def _receive(self, deadline: float, largest: int) -> dict[str, Any]:
        (length,) = HEADER.unpack(self._exactly(HEADER.size, deadline))
        if length > largest:
            raise DocumentError("crashed")
        try:
            answer = json.loads(self._exactly(length, deadline))
        except (ValueError, RecursionError):
            raise DocumentError("crashed") from None
        if not isinstance(answer, dict):
            raise DocumentError("crashed")
        return answer

    def _exactly(self, length: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < length:
            left = deadline - time.monotonic()
            if left <= 0 or not _is_readable(self._socket, left):
                raise DocumentError("timeout", {"seconds": round(self._limits.wall_seconds, 1)})
            try:
                chunk = self._socket.recv(min(length - len(data), 1 << 20))
            except BlockingIOError:
                continue
            except OSError:
                chunk = b""
            if not chunk:
                self._explain_end()
            data += chunk
        return bytes(data)

    def _explain_end(self) -> NoReturn:
        """Raise what the child died of."""
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            raise DocumentError("crashed") from None
        if status == EXIT_MEMORY:
            raise DocumentError("memory", {"limit": self._limits.memory_bytes})
        if status == -signal.SIGXCPU:
            raise DocumentError("timeout", {"seconds": round(self._limits.wall_seconds, 1)})
        raise DocumentError("crashed")


def _end(process: subprocess.Popen[bytes], channel: socket.socket) -> None:
    """Kill the child and whatever it started, and leave no zombie."""
    with contextlib.suppress(OSError):
        channel.close()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _is_readable(channel: socket.socket, seconds: float) -> bool:
    poll = select.poll()  # not select(): a daemon may hold more than 1,024 descriptors
    poll.register(channel, select.POLLIN)
    return bool(poll.poll(max(1, int(seconds * 1000))))
