"""Who gets a reminder."""

import pytest
from letters_support import ANNE, OFFICE_ADDRESS, PAUL, deadline, reminder

from notifications.recipients import Role, address

FALLBACK = "secours@example.org"


def recipients_of(escalation=0, office=(OFFICE_ADDRESS,), fallback=FALLBACK, **changes):
    one = address(
        reminder(deadline(**changes), escalation=escalation), office=office, fallback=fallback
    )
    return [(r.address, r.role) for r in one.recipients], [p.code for p in one.problems]


@pytest.mark.parametrize("escalation", [0, 1])
def test_the_owner_and_the_watchers_get_it(escalation):
    assert recipients_of(escalation, owner=ANNE, watchers=(PAUL,)) == (
        [(ANNE, Role.OWNER), (PAUL, Role.WATCHER)],
        [],
    )


def test_the_office_gets_it_too_at_the_second_escalation():
    assert recipients_of(2, owner=ANNE) == (
        [(ANNE, Role.OWNER), (OFFICE_ADDRESS, Role.OFFICE)],
        [],
    )


def test_one_person_gets_one_mail_the_domain_compared_without_case():
    assert recipients_of(
        owner="Anne@Example.ORG", watchers=("Anne@example.org", "anne@example.org")
    ) == ([("Anne@example.org", Role.OWNER), ("anne@example.org", Role.WATCHER)], [])


def test_an_accented_domain_and_its_idna_form_are_one():
    assert recipients_of(owner="a@münchen.de", watchers=("a@xn--mnchen-3ya.de",)) == (
        [("a@xn--mnchen-3ya.de", Role.OWNER)],
        [],
    )


def test_a_convention_without_owner_goes_to_its_watchers():
    assert recipients_of(owner=None, watchers=(PAUL,)) == ([(PAUL, Role.WATCHER)], [])


def test_nobody_means_the_fallback_and_a_problem():
    assert recipients_of(owner=None) == ([(FALLBACK, Role.FALLBACK)], ["no_recipient"])


@pytest.mark.parametrize(
    "bad",
    [
        "a@localhost",
        "root",
        "Anne <anne@example.org>",
        "é@example.org",
        "a@x..fr",
        "a@example.org\nBcc: b@example.org",
        "a@example.org\u200b",
    ],
)
def test_an_address_that_cannot_be_written_to_never_loses_the_reminder(bad):
    assert recipients_of(owner=bad) == (
        [(FALLBACK, Role.FALLBACK)],
        ["address_refused", "no_recipient"],
    )


def test_a_bad_watcher_harms_nobody_else():
    assert recipients_of(owner=ANNE, watchers=("root",)) == (
        [(ANNE, Role.OWNER)],
        ["address_refused"],
    )


def test_without_fallback_the_office_gets_it():
    assert recipients_of(owner=None, fallback=None) == (
        [(OFFICE_ADDRESS, Role.OFFICE)],
        ["no_recipient"],
    )


def test_nobody_at_all_is_said():
    assert recipients_of(owner=None, fallback=None, office=()) == (
        [],
        ["no_recipient", "no_fallback"],
    )


def test_problems_say_what_to_do_in_both_languages():
    problem = address(reminder(deadline(owner="root"))).problems[0]
    assert problem.message("fr") == (
        "adresse « root » inutilisable : il manque « @ » ; corrigez-la dans DIJ-CRESS-2009"
    )
    assert problem.message("en") == (
        "address “root” cannot be used: there is no “@”; mend it in DIJ-CRESS-2009"
    )
