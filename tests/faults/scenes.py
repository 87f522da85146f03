"""The faults, one function each: cause it, let the system recover, judge what the relay has.

Each scene takes a `Stage` (a way to make fresh databases and folders, and the worker processes) and
returns how many faults it caused and the verdicts. `run.py` plays them at full length and prints
the table; `test_faults.py` plays a thinned version.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from faults.world import SHORT_WAITS, START, Clock, Verdicts, World, judge, portfolio, smtp
from faults.zygote import Zygote
from relay import Relay
from sqlalchemy import Engine

from tracker.storage.engine import open_engine


@dataclass
class Stage:
    """Where scenes are played."""

    make_database: Callable[[], str]
    """Return the URL of a fresh database with the schema."""
    copy_database: Callable[[str], str]
    """Return the URL of a copy of a database, as a backup restored elsewhere."""
    folder: Path
    zygote: Zygote
    made: int = field(default=0)

    def fresh(self) -> tuple[str, Path]:
        """Return the URL of a registered database and its state directory."""
        self.made += 1
        state = self.folder / f"state-{self.made}"
        url = self.make_database()
        engine = open_engine(url, create=False)
        World(engine, state, smtp(1), clock=Clock(None)).register()
        engine.dispose()
        return url, state


@dataclass
class Played:
    """The result of a scene."""

    faults: int
    verdicts: Verdicts
    notes: str = ""

    @property
    def passed(self) -> bool:
        return self.verdicts.passed


Scene = Callable[[Stage, int], Played]
Thing = TypeVar("Thing")


def some(things: Sequence[Thing], times: int) -> Sequence[Thing]:
    """Return `times` of the things, evenly chosen; all of them when `times` is large."""
    if times >= len(things):
        return things
    return [things[index * len(things) // times] for index in range(times)]


def settle(relay: Relay, seconds: float = 5.0) -> None:
    """Wait until the relay has read everything that dead workers sent."""
    until = time.monotonic() + seconds
    while relay._open and time.monotonic() < until:
        time.sleep(0.002)


def judged(url: str, relay: Relay) -> Verdicts:
    settle(relay)
    engine = open_engine(url, create=False)
    try:
        return judge(engine, [taken.content for taken in relay.accepted])
    finally:
        engine.dispose()


# --- killed --------------------------------------------------------------------------------------

BEHAVIOURS = {"c@mairie.example": "550"}


AROUND_A_DOT = 60
"""Lines from the final dot to the end of T5, and a little more."""


def kill_at_every_kth_line(stage: Stage, points: int) -> Played:
    """SIGKILL at every k-th line of scan, compose, claim, send, mark, journal and finish.

    Two points in three are spread over the whole run; the others over the lines between a final
    dot and the end of its T5, where everything is decided.
    """
    total, dots = _lines_of_a_run(stage)
    spread = points - points // 3
    lines = [1 + index * total // spread for index in range(spread)]
    lines += [
        dots[index % len(dots)] + 1 + index * AROUND_A_DOT // (points // 3)
        for index in range(points // 3)
    ]
    verdicts = Verdicts()
    killed = 0
    for line in lines:
        url, state = stage.fresh()
        with Relay(by_recipient=BEHAVIOURS) as relay:
            first = stage.zygote.run(url=url, state=str(state), port=relay.port, kill_at=line)
            killed += first.status == -signal.SIGKILL
            again = stage.zygote.run(url=url, state=str(state), port=relay.port)
            assert again.status == 0, again
            verdicts.add(judged(url, relay))
    notes = f"of {total} lines; a third of the points right after a dot"
    return Played(killed, verdicts, notes)


def _lines_of_a_run(stage: Stage) -> tuple[int, list[int]]:
    url, state = stage.fresh()
    with Relay(by_recipient=BEHAVIOURS) as relay:
        ended = stage.zygote.run(url=url, state=str(state), port=relay.port, kill_at=None)
    assert ended.status == 0, ended
    return ended.lines, ended.dots


def random_kills(stage: Stage, kills: int) -> Played:
    """SIGKILL a daemon at random moments while it sends to a real local relay."""
    rng = random.Random(20261120)
    verdicts = Verdicts()
    done = messages = 0
    while done < kills:
        recipients = [f"p{number}" for number in range(min(400, 8 * kills))]
        url, state = stage.fresh()
        _compose_for(url, state, recipients)
        with Relay() as relay:
            order = {"url": url, "state": str(state), "port": relay.port, "scan": False}
            while done < kills:
                pid = stage.zygote.spawn(**order)
                time.sleep(rng.uniform(0.03, 0.2))
                os.kill(pid, signal.SIGKILL)
                if stage.zygote.wait(pid).status != -signal.SIGKILL:
                    break
                done += 1
            ended = stage.zygote.run(**order)
            assert ended.status == 0, ended
            messages += len(recipients)
            verdicts.add(judged(url, relay))
    of_kills = 100 * verdicts.flagged_twice / done
    of_messages = 100 * verdicts.flagged_twice / messages
    notes = (
        f"{messages} messages; a flagged repeat of {of_messages:.2f} % of the messages, "
        f"in {of_kills:.2f} % of the kills"
    )
    return Played(done, verdicts, notes)


def _compose_for(url: str, state: Path, recipients: list[str]) -> None:
    engine = open_engine(url, create=False)
    world = _world(engine, state, recipients)
    world.scan(START.date())
    world.delivery.compose_pending()
    engine.dispose()


def _world(engine: Engine, state: Path, recipients: list[str], port: int = 1) -> World:
    return World(
        engine,
        state,
        smtp(port),
        dues=portfolio(1, recipients=recipients),
        clock=Clock(None),
        waits=SHORT_WAITS,
        today=START.date(),
    )


# --- several at once -----------------------------------------------------------------------------


def daemons_at_once(stage: Stage, rounds: int) -> Played:
    """2, 4 and 8 daemons on one database share the work; then the same while some are killed."""
    verdicts = Verdicts()
    rng = random.Random(7)
    count = 0
    for number in range(rounds):
        daemons = (2, 4, 8)[number % 3]
        kill = number % 2 == 1
        url, state = stage.fresh()
        recipients = [f"p{n}" for n in range(24)]
        # A reply that takes its time: a worker that thinks the others dead would show itself.
        with Relay(default="slow", slow_seconds=0.03) as relay:
            order = {
                "url": url,
                "state": str(state),
                "port": relay.port,
                "recipients": recipients,
                "conventions": 1,
            }
            workers = []
            for _ in range(daemons):
                workers.append(stage.zygote.spawn(**order))
                time.sleep(0.04)  # the next one looks for dead workers while this one sends
            for pid in workers[: daemons // 2] if kill else []:
                time.sleep(rng.uniform(0.01, 0.2))
                os.kill(pid, signal.SIGKILL)
            for pid in workers:
                stage.zygote.wait(pid)
            assert stage.zygote.run(**order).status == 0
            found = judged(url, relay)
        if not kill:
            assert found.flagged_twice == 0, found
        verdicts.add(found)
        count += daemons
    return Played(count, verdicts, "daemons")


def stopped_past_the_lease(stage: Stage, rounds: int) -> Played:
    """SIGSTOP between claim and mark; another takes over; SIGCONT: no second mail."""
    return _stopped(stage, rounds, "stop_before_mark")


def stopped_after_the_mark(stage: Stage, rounds: int) -> Played:
    """SIGSTOP between mark and dot; another waits and repeats; SIGCONT: twice, flagged."""
    return _stopped(stage, rounds, "stop_after_mark")


def _stopped(stage: Stage, rounds: int, where: str) -> Played:
    verdicts = Verdicts()
    for _ in range(rounds):
        url, state = stage.fresh()
        with Relay() as relay:
            order = {
                "url": url,
                "state": str(state),
                "port": relay.port,
                "recipients": "a",
                "lease": 0.2,
            }
            pid = stage.zygote.spawn(**order, **{where: True})
            _wait_until_stopped(pid)
            time.sleep(0.25)
            assert stage.zygote.run(**order).status == 0
            os.kill(pid, signal.SIGCONT)
            assert stage.zygote.wait(pid).status == 0
            found = judged(url, relay)
        if where == "stop_before_mark":
            assert found.flagged_twice == 0, found
        else:
            assert found.flagged_twice > 0, found
        verdicts.add(found)
    return Played(rounds, verdicts)


def _wait_until_stopped(pid: int, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state in "tT":
            return
        time.sleep(0.005)
    raise AssertionError("the worker did not stop")
