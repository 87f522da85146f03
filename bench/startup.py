"""How long the command line takes to say its help: the ratio to a bare interpreter.

    python bench/startup.py [RUNS]

Both are started in turn, the same number of times, on the same machine; the best of each counts,
since whatever else runs can only slow a process down. The target for the help and the version is
three times `python -c pass`; the help of one command, which imports click, is shown beside.
"""

# ruff: noqa: S603 - a script, which prints
from __future__ import annotations

import subprocess
import sys
import sysconfig
import time
from pathlib import Path

TARGET = 3.0
COMMAND = Path(sysconfig.get_path("scripts")) / "conventions"
BARE = (sys.executable, "-c", "pass")
MEASURED = {
    "conventions --help": (str(COMMAND), "--help"),
    "conventions --version": (str(COMMAND), "--version"),
    "conventions --lang en --help": (str(COMMAND), "--lang", "en", "--help"),
    "conventions soon --help": (str(COMMAND), "soon", "--help"),
}
BOUND = tuple(name for name in MEASURED if "soon" not in name)


def spent(command: tuple[str, ...]) -> float:
    """Return how long one process takes, from its start to its end."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def best_times(runs: int) -> dict[str, float]:
    """Return the best time of each, taken in turn so that all meet the same disturbances."""
    times: dict[str, list[float]] = {"python -c pass": []} | {name: [] for name in MEASURED}
    for _ in range(runs):
        times["python -c pass"].append(spent(BARE))
        for name, command in MEASURED.items():
            times[name].append(spent(command))
    return {name: min(found) for name, found in times.items()}


def main(arguments: list[str]) -> int:
    times = best_times(int(arguments[0]) if arguments else 15)
    bare = times.pop("python -c pass")
    print(f"{'python -c pass':<30} {bare * 1000:6.1f} ms")
    for name, best in times.items():
        print(f"{name:<30} {best * 1000:6.1f} ms   {best / bare:4.1f} ×")
    return int(any(times[name] > TARGET * bare for name in BOUND))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
