"""The outbox on both databases: what is owed, composed, sent, withdrawn, held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from faults.world import FALLBACK, START, Clock, Due, World, judge, portfolio, told_in
from sqlalchemy import Engine, select, update

from notifications.claims import LeaseLostError, claim_next, mark_dot
from notifications.headers import FrozenMail
from notifications.mailer import Outcome, Phase, Verdict
from notifications.outbox import RefusedError, cancel, retry
from tracker.storage.engine import reading, writing
from tracker.storage.tables import MessageRow, ObligationRow


class FakeMailer:
    """Takes everything, unless `answers` says otherwise, in turn."""

    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers)
        self.taken: list[FrozenMail] = []
        self.tried: list[FrozenMail] = []
        self.by_recipient: dict[str, Outcome] = {}

    def send(self, mail: FrozenMail, before_dot: Callable[[], None]) -> Outcome:
        self.tried.append(mail)
        outcome = self.by_recipient.get(mail.recipient)
        if outcome is None:
            outcome = self.answers.pop(0) if self.answers else ACCEPTED
        if outcome.phase is Phase.DOT:
            before_dot()
        if outcome.verdict is Verdict.ACCEPTED or outcome.text == "and taken":
            self.taken.append(mail)
        return outcome

    def close(self) -> None:
        pass


ACCEPTED = Outcome(verdict=Verdict.ACCEPTED, phase=Phase.DOT, code=250)
LOST_REPLY = Outcome(verdict=Verdict.UNCERTAIN, phase=Phase.DOT, text="and taken")
LATER = Outcome(verdict=Verdict.TEMPORARY, phase=Phase.DOT, code=451)
NOBODY = Outcome(verdict=Verdict.REFUSED, phase=Phase.RCPT, code=550, text="5.1.1 nobody")
DOWN = Outcome(verdict=Verdict.RELAY, phase=Phase.CONNECT, text="refused")
TOO_BIG = Outcome(verdict=Verdict.REFUSED, phase=Phase.MAIL, code=552, text="5.3.4 too big")
HANGS_UP = Outcome(verdict=Verdict.RELAY, phase=Phase.RCPT, code=421)


@pytest.fixture
def mailer() -> FakeMailer:
    return FakeMailer()


@pytest.fixture
def world(engine: Engine, tmp_path: Path, mailer: FakeMailer) -> World:
    world = World(engine, tmp_path / "state", mailer, dues=portfolio(), clock=Clock(START))
    world.register()
    return world


def told(mailer: FakeMailer) -> list[tuple[str, str, str]]:
    return [
        (key.deadline_key, key.stage, key.recipient)
        for mail in mailer.taken
        for key in told_in(mail.content)
    ]


def test_one_mail_per_recipient_tells_the_most_urgent_stages(
    world: World, mailer: FakeMailer
) -> None:
    report = world.run()
    assert (report.composed, report.accepted, report.waiting) == (2, 2, 0)
    assert told(mailer) == [
        (f"C-{number}/notice/0", "P1M", f"{who}@mairie.example")
        for who in "ab"
        for number in range(3)
    ]
    states = [(row.stage, row.state) for row in world.obligations() if row.convention == "C-0"]
    assert states == [("P6M", "closed"), ("P3M", "closed"), ("P1M", "accepted")] * 2


def test_a_second_run_sends_nothing(world: World, mailer: FakeMailer) -> None:
    world.run()
    report = world.run()
    assert (report.composed, report.accepted) == (0, 0)
    assert len(mailer.taken) == 2


@pytest.mark.parametrize("days", [1, 2, 7, 30, 104, 400])
def test_days_without_power_end_in_one_mail_per_recipient(
    world: World, mailer: FakeMailer, days: int
) -> None:
    world.dues = portfolio(40, lead=0)
    world.run()
    mailer.taken.clear()
    before = {(r.deadline_key, r.stage) for r in world.obligations() if r.recipient[0] == "a"}
    world.clock.forward(days=days)
    world.run()
    world.run()
    today = world.clock().date()
    newly = {
        due.key: stage
        for due in world.dues
        for stage, _ in due.reached(today)
        if (due.key, stage) not in before
    }
    assert len(mailer.taken) == (2 if newly else 0)
    assert sorted(told(mailer)) == sorted(
        (key, stage, f"{who}@mairie.example") for key, stage in newly.items() for who in "ab"
    )


def test_a_moved_deadline_is_told_again_and_no_stage_of_a_date_twice(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(1, recipients=["a"])
    first = world.dues[0].due_on
    second = first + timedelta(days=40)
    world.run()
    for day in (second, first, second):
        world.move("C-0", day)
        world.run()
    assert [stage for _, stage, _ in told(mailer)] == ["P1M", "P3M"]


def test_what_moved_before_it_left_is_withdrawn_and_the_rest_composed_again(
    world: World, mailer: FakeMailer
) -> None:
    mailer.answers = [DOWN]
    world.dues = portfolio(2, recipients=["a"])
    world.run()
    world.move("C-0", world.dues[0].due_on + timedelta(days=3))
    world.run()
    assert world.states() == ["superseded", "accepted"]
    (mail,) = mailer.taken
    assert {(key.deadline_key, key.due_on) for key in told_in(mail.content)} == {
        (due.key, due.due_on) for due in world.dues
    }


def test_a_deadline_that_moved_and_came_back_before_anything_left_is_still_told(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(1, recipients=["a"])
    first = world.dues[0].due_on
    world.scan()
    world.move("C-0", first + timedelta(days=200))
    world.scan()
    world.move("C-0", first)
    world.run()
    assert [stage for _, stage, _ in told(mailer)] == ["P1M"]


def test_a_convention_that_cannot_be_read_keeps_what_is_owed(world: World) -> None:
    world.dues = portfolio(2, recipients=["a"])
    world.scan()
    world.dues = world.dues[:1]
    world.scan()
    assert {row.state for row in world.obligations()} == {"open"}


def test_one_that_cannot_be_written_about_does_not_silence_the_others(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(5, recipients=["a"])
    world.broken = {"C-2"}
    world.run()
    assert {key for key, _, _ in told(mailer)} == {f"C-{n}/notice/0" for n in (0, 1, 3, 4)}
    assert ("compose_failed", "C-2") in world.problems()
    world.broken = ()
    world.run()
    assert ("C-2/notice/0", "P1M", "a@mairie.example") in told(mailer)
    assert world.problems() == set()


def test_nobody_to_tell_is_told_to_the_fallback(world: World, mailer: FakeMailer) -> None:
    world.dues = [replace(portfolio(1)[0], recipients=("",))]
    world.run()
    assert told(mailer) == [("C-0/notice/0", "P1M", FALLBACK)]


def test_nobody_to_tell_and_no_fallback_is_a_visible_problem(
    engine: Engine, tmp_path: Path, mailer: FakeMailer
) -> None:
    world = World(engine, tmp_path / "s", mailer, dues=portfolio(1, recipients=[""]), fallback=None)
    world.dues = [replace(world.dues[0], recipients=("",))]
    world.register()
    world.run()
    assert mailer.taken == []
    assert world.problems() == {("no_recipient", "C-0")}


def test_one_refused_recipient_of_ten(world: World, mailer: FakeMailer) -> None:
    names = [f"p{n}" for n in range(10)]
    world.dues = portfolio(2, recipients=names)
    mailer.by_recipient = {"p4@mairie.example": NOBODY}
    report = world.run()
    assert (report.accepted, report.refused) == (10, 1)
    assert {who for _, _, who in told(mailer)} == {
        *(f"{name}@mairie.example" for name in names if name != "p4"),
        FALLBACK,
    }
    assert ("recipient_refused", "p4@mairie.example") in world.problems()
    assert world.run().accepted == 0
    assert judge(world.engine, [mail.content for mail in mailer.taken]).passed


def test_a_lost_reply_is_repeated_once_with_the_same_bytes(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(1, recipients=["a"])
    mailer.answers = [LOST_REPLY]
    assert world.run().uncertain == 1
    world.clock.forward(minutes=9)
    assert world.run().accepted == 0, "the wait is the recipient's protection"
    world.clock.forward(minutes=2)
    assert world.run().accepted == 1
    first, second = mailer.taken
    assert first == second
    assert world.attempts() == [(1, "uncertain"), (1, "accepted")]
    verdicts = judge(world.engine, [mail.content for mail in mailer.taken])
    assert (verdicts.flagged_twice, verdicts.passed) == (1, True)


def test_a_second_lost_reply_is_the_operators(world: World, mailer: FakeMailer) -> None:
    world.dues = portfolio(1, recipients=["a"])
    mailer.answers = [LOST_REPLY, LOST_REPLY]
    for _ in range(5):
        world.run()
        world.clock.forward(hours=1)
    assert len(mailer.tried) == 2
    assert ("uncertain_twice", "message 1") in world.problems()
    with writing(world.engine) as session:
        retry(session, 1, now=world.clock(), who="operator")
    assert world.run().accepted == 1
    assert world.problems() == set()


def test_uncertain_is_never_repeated_when_the_settings_say_so(
    engine: Engine, tmp_path: Path, mailer: FakeMailer
) -> None:
    world = World(engine, tmp_path / "state", mailer, dues=portfolio(1, recipients=["a"]))
    world.register()
    world.waits = replace(world.waits, never_repeat_uncertain=True)
    world.delivery = world.new_delivery()
    mailer.answers = [LOST_REPLY]
    for _ in range(3):
        world.run()
        world.clock.forward(hours=1)
    assert len(mailer.tried) == 1
    assert ("uncertain_twice", "message 1") in world.problems()


def test_a_message_put_off_waits_longer_each_time_and_run_does_not(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(1, recipients=["a"])
    mailer.answers = [LATER] * 4
    world.run()
    tried_at = [0]
    for minute in range(1, 100):
        world.clock.forward(minutes=1)
        before = len(mailer.tried)
        world.run(whatever_backoff=False)
        if len(mailer.tried) > before:
            tried_at.append(minute)
    assert tried_at == [0, 5, 15, 35, 75]
    assert world.states() == ["accepted"]
    assert {mail.content for mail in mailer.tried} == {mailer.taken[0].content}


def test_order_is_kept_per_recipient(world: World, mailer: FakeMailer) -> None:
    world.dues = portfolio(1, recipients=["a", "b"])
    mailer.by_recipient = {"a@mairie.example": LATER}
    world.run()
    world.dues = portfolio(2, recipients=["a", "b"])
    world.clock.forward(minutes=1)
    world.run(whatever_backoff=False)
    assert [mail.recipient[0] for mail in mailer.taken] == ["b", "b"]
    mailer.by_recipient = {}
    world.clock.forward(minutes=10)
    world.run(whatever_backoff=False)
    assert [m.id for m in world.messages() if m.recipient[0] == "a" and m.accepted_at] == [1, 3]
    assert [mail.message_id for mail in mailer.taken[2:]] == [
        row.message_id_header for row in world.messages() if row.recipient[0] == "a"
    ]


def test_six_days_without_relay_drop_nothing_and_keep_the_order(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(12, recipients=["a", "b"], lead=4)
    mailer.by_recipient = {f"{who}@mairie.example": DOWN for who in "ab"}
    for _ in range(6 * 24 * 60 // 70):
        world.run(whatever_backoff=False)
        world.clock.forward(minutes=70)
    assert ("relay_trouble", "relay") in world.problems()
    assert all(row.attempts == 0 for row in world.messages()), "nothing is charged to messages"
    probes = len(mailer.tried)
    assert probes == 6 * 24 * 60 // 70, "a probe every 67 minutes in the end, for ever"
    mailer.by_recipient = {}
    world.clock.forward(minutes=67)
    world.run(whatever_backoff=False)
    world.run(whatever_backoff=False)
    assert set(world.states()) == {"accepted"}
    for who in "ab":
        sent = [m.message_id for m in mailer.taken if m.recipient[0] == who]
        assert sent == [
            row.message_id_header for row in world.messages() if row.recipient[0] == who
        ]
    assert judge(world.engine, [mail.content for mail in mailer.taken]).passed
    assert world.problems() == set()


def test_one_message_that_makes_the_relay_hang_up_does_not_stop_the_others(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(1, recipients=["a", "b", "c"])
    mailer.by_recipient = {"a@mairie.example": HANGS_UP}
    world.run()
    assert [mail.recipient[0] for mail in mailer.taken] == ["b", "c"]


def test_a_mail_too_big_for_the_relay_leaves_without_its_attachment_then_in_halves(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(4, recipients=["a"])
    world.attachment = b"BEGIN:VCALENDAR\r\n" * 100
    mailer.answers = [TOO_BIG, TOO_BIG]
    world.run()
    world.run()
    assert [len(told_in(mail.content)) for mail in mailer.taken] == [2, 2]
    assert judge(world.engine, [mail.content for mail in mailer.taken]).once == 4


def test_a_letter_above_the_limit_is_split_before_it_is_queued(
    world: World, mailer: FakeMailer
) -> None:
    world.max_message_bytes = 3000
    world.delivery = world.new_delivery()
    world.dues = portfolio(60, recipients=["a"])
    world.run()
    assert all(len(mail.content) <= 3000 for mail in mailer.taken)
    assert len(mailer.taken) > 1
    assert judge(world.engine, [mail.content for mail in mailer.taken]).once == 60


def test_altered_bytes_are_held_and_composed_again_on_request(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(1, recipients=["a"])
    mailer.answers = [DOWN]
    world.run()
    with writing(world.engine) as session:
        session.execute(update(MessageRow).values(body=b"Bcc: everybody\r\n\r\n"))
    world.run()
    assert (world.states(), mailer.taken) == (["held"], [])
    assert ("message_altered", "message 1") in world.problems()
    with writing(world.engine) as session:
        retry(session, 1, now=world.clock(), who="operator")
    world.run()
    assert (world.states(), len(mailer.taken)) == (["superseded", "accepted"], 1)


@pytest.mark.parametrize("years", [None, 72])
def test_a_message_left_in_sending_without_an_honest_lease_is_recovered(
    world: World, mailer: FakeMailer, years: int | None
) -> None:
    world.dues = portfolio(1, recipients=["a"])
    mailer.answers = [DOWN]
    world.run()
    until = None if years is None else START + timedelta(days=365 * years)
    with writing(world.engine) as session:
        session.execute(
            update(MessageRow).values(state="sending", lease_owner="x", lease_until=until)
        )
    world.clock.forward(seconds=1)
    assert world.run().accepted == 1


def test_waiting_until_2099_is_waiting_no_longer(world: World, mailer: FakeMailer) -> None:
    world.dues = portfolio(1, recipients=["a"])
    mailer.answers = [LATER]
    world.run()
    with writing(world.engine) as session:
        session.execute(update(MessageRow).values(next_attempt_at=START + timedelta(days=26_000)))
    assert world.run(whatever_backoff=False).accepted == 1


def test_a_worker_that_lost_its_lease_cannot_mark(world: World, mailer: FakeMailer) -> None:
    mailer.answers = [DOWN]
    world.run()
    world.clock.forward(minutes=6)
    now = world.clock()
    with writing(world.engine) as session:
        claim = claim_next(session, worker="other", now=now, waits=world.waits)
    assert claim is not None
    late = now + world.waits.lease
    with pytest.raises(LeaseLostError), writing(world.engine) as session:
        mark_dot(session, claim, now=late, waits=world.waits)
    with writing(world.engine) as session:
        mark_dot(session, claim, now=late - timedelta(seconds=1), waits=world.waits)


def test_two_claims_are_two_messages_and_a_recipient_is_served_once_at_a_time(
    world: World,
) -> None:
    world.scan()
    world.delivery.compose_pending()
    claims = []
    for _ in range(3):
        with writing(world.engine) as session:
            claims.append(claim_next(session, worker="w", now=world.clock(), waits=world.waits))
    assert [claim and claim.mail.recipient[0] for claim in claims] == ["a", "b", None]


def test_an_accepted_message_is_repeated_only_with_a_reason(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = portfolio(1, recipients=["a"])
    world.run()
    with pytest.raises(RefusedError), writing(world.engine) as session:
        retry(session, 1, now=world.clock(), who="operator")
    with writing(world.engine) as session:
        retry(session, 1, now=world.clock(), who="operator", again="lost by the recipient")
    world.run()
    first, second = mailer.taken
    assert first.message_id != second.message_id
    assert told_in(first.content) == told_in(second.content)


def test_a_cancelled_message_does_not_come_back(world: World, mailer: FakeMailer) -> None:
    world.dues = portfolio(1, recipients=["a"])
    mailer.answers = [DOWN]
    world.run()
    with writing(world.engine) as session:
        cancel(session, 1, now=world.clock(), who="operator", reason="by phone")
    world.run()
    assert (mailer.taken, world.states()) == ([], ["cancelled"])
    with reading(world.engine) as session:
        states = set(session.scalars(select(ObligationRow.state)))
    assert states == {"cancelled", "closed"}


def test_a_due_can_be_told_to_two_people_with_their_own_fate(
    world: World, mailer: FakeMailer
) -> None:
    world.dues = [Due(reference="X", due_on=START.date(), recipients=("a@x.fr", "b@x.fr"))]
    mailer.by_recipient = {"a@x.fr": LATER}
    world.run()
    assert told(mailer) == [("X/notice/0", "P7D", "b@x.fr")]
