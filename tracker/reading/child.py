"""The disposable process in which strangers' documents are parsed (see `tracker.reading.text`).

It talks over one socket, its standard input: a request is a length and JSON, with the open document
as a passed descriptor; an answer is a length and JSON. It opens nothing by name, may write no file,
and lives under limits it lays on itself before the first request.
"""

from __future__ import annotations

import array
import gc
import json
import os
import resource
import socket
import struct
import sys
from typing import Any

from tracker.reading.formats.base import Limits, Ocr, Reading, RefusalError
from tracker.reading.formats.sniff import read_document

HEADER = struct.Struct(">I")
MAX_REQUEST = 64 * 1024
EXIT_MEMORY = 71
_DESCRIPTORS = 64


def main() -> None:
    """Serve requests until the parent closes its end."""
    channel = socket.socket(fileno=0)
    limit_process(int(sys.argv[1]))
    gc.freeze()
    gc.set_threshold(100_000)  # the readers make no cycles to speak of, and the process is mortal
    send(channel, {"ready": True})
    while (received := receive_request(channel)) is not None:
        try:
            send(channel, serve(*received, channel))
        except MemoryError:
            os._exit(EXIT_MEMORY)  # the heap is in pieces: a new child is cheaper than a doubt


def limit_process(memory: int) -> None:
    """Lay the limits that hold for the whole life of the process, and for what it starts."""
    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)  # no regular file may grow by a byte
    _lower(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    os.umask(0o077)


def _lower(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def allow_seconds(seconds: float) -> None:
    """Let the process compute for `seconds` more; beyond, the kernel ends it, parent or no parent."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def serve(request: dict[str, Any], descriptor: int, channel: socket.socket) -> dict[str, Any]:
    """Return the answer to one request, and close its document."""
    limits = Limits(**request["limits"])
    allow_seconds(limits.wall_seconds)

    def before_ocr() -> None:
        allow_seconds(limits.ocr_seconds)
        send(channel, {"progress": True})

    try:
        data = read_descriptor(descriptor, limits.file_bytes)
        return _answer(read_document(data, limits, Ocr(**request["ocr"]), before_ocr))
    except RefusalError as refusal:
        return {"error": refusal.code, "params": refusal.params}
    except OSError as error:
        return {"error": "unreadable", "params": {"reason": error.strerror or "I/O"}}
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad document must not end the others' reader
        return {"error": "crashed", "params": {"reason": type(error).__name__}}
    finally:
        os.close(descriptor)


def read_descriptor(descriptor: int, limit: int) -> bytes:
    """Return what the descriptor holds; it may have grown since the parent looked."""
    data = bytearray()
    while chunk := os.pread(descriptor, min(1 << 20, limit + 1 - len(data)), len(data)):
        data += chunk
        if len(data) > limit:
            raise RefusalError("too_large", limit=limit)
    return bytes(data)


def _answer(reading: Reading) -> dict[str, Any]:
    return {
        "text": reading.text,
        "page_starts": reading.page_starts,
        "notes": [[note.code, note.params] for note in reading.notes],
        "set_aside": reading.set_aside,
    }


def send(channel: socket.socket, answer: dict[str, Any]) -> None:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    channel.sendall(HEADER.pack(len(body)) + body)


def receive_request(channel: socket.socket) -> tuple[dict[str, Any], int] | None:
    """Return the next request and the descriptor that came with it; None when the parent is gone."""
    room = socket.CMSG_SPACE(array.array("i", [0]).itemsize)
    start, ancillary, _, _ = channel.recvmsg(HEADER.size, room)
    if not start:
        return None
    descriptors = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    start += _exactly(channel, HEADER.size - len(start))
    (length,) = HEADER.unpack(start)
    if length > MAX_REQUEST or len(descriptors) != 1:
        raise SystemExit(2)
    request: dict[str, Any] = json.loads(_exactly(channel, length))
    return request, descriptors[0]


def _exactly(channel: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        chunk = channel.recv(length - len(data))
        if not chunk:
            raise SystemExit(0)
        data += chunk
    return data


if __name__ == "__main__":
    main()
