from __future__ import annotations

import pytest

from tracker.reading.formats.layout import Line, PageLines, compose

FULL = 525.0  # the page is 595 wide, its left margin 70


def line(
    text: str, y: float, left: float = 70.0, right: float | None = None, **extra: object
) -> Line:
    """Return a line whose letters are five points wide."""
    return Line(text, left, left + 5.0 * len(text) if right is None else right, y, 10.0, **extra)  # type: ignore[arg-type]  # `cut` only


def page(*lines: Line) -> PageLines:
    return PageLines(595.0, 842.0, list(lines))


def text_of(*pages: PageLines) -> str:
    return compose(list(pages))[0]


def test_a_line_goes_on_when_the_next_word_had_no_room() -> None:
    assert (
        text_of(
            page(
                line("La présente convention est conclue pour une", 100, right=FULL),
                line("durée de trois ans.", 114),
                line("Elle est renouvelable.", 128),
            )
        )
        == "La présente convention est conclue pour une durée de trois ans.\nElle est renouvelable."
    )


def test_list_items_and_articles_begin_lines() -> None:
    lines = [
        "- un engagement",
        "2.1 Chaque ville",
        "Article 3 – Suivi",
        "Vu le code ;",
        "a) le bilan",
    ]
    full = [line(text, 100 + 14 * row, right=FULL) for row, text in enumerate(lines)]
    assert text_of(page(*full)) == "\n".join(lines)


def test_a_wider_gap_ends_a_paragraph() -> None:
    lines = [line("texte plein", 100 + 14 * row, right=FULL) for row in range(3)]
    after = line("Autre paragraphe", 100 + 14 * 3 + 14, right=FULL)
    assert text_of(page(*lines, after)) == "texte plein texte plein texte plein\nAutre paragraphe"


def test_words_cut_at_line_ends_are_joined_across_pages_too() -> None:
    one = page(
        line("une reconduc-", 100, right=FULL, cut=True),
        line("tion et une conven-", 114, right=FULL),
    )
    two = page(line("tion nouvelle", 100))
    text, starts, _ = compose([one, two])
    assert text == "une reconduction et une convention nouvelle"
    assert text[starts[1] :] == "tion nouvelle"


def test_a_sentence_that_ends_with_its_page_ends_the_paragraph() -> None:
    one = page(line("Fin de phrase au bord.", 700, right=FULL), line("autre fin.", 714, right=FULL))
    assert text_of(one, page(line("Début de phrase", 100))).endswith("autre fin.\nDébut de phrase")
    assert text_of(one, page(line("et la suite", 100))).endswith("autre fin. et la suite")


def test_table_rows() -> None:
    rows = [
        ("Année", "Activité", "Ville"),
        ("2021", "Mission", "Rocheval"),
        ("2022", "Stage", "Évry"),
    ]
    lines = [
        line(cell, 100 + 14 * number, left=70 + 150 * column)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    assert (
        text_of(page(*lines))
        == "Année\tActivité\tVille\n2021\tMission\tRocheval\n2022\tStage\tÉvry"
    )


def test_cells_of_several_lines() -> None:
    lines = [
        line("2021", 100, left=70),
        line("Mission", 100, left=220),
        line("Achats de", 114, left=70),
        line("spectacles", 126, left=70),
        line("88 000 €", 114, left=220),
        line("Billets et", 114, left=370),
        line("ateliers", 126, left=370),
        line("Total", 140, left=70),
        line("12 €", 140, left=220),
    ]
    assert text_of(page(*lines)) == (
        "2021\tMission\nAchats de spectacles\t88 000 €\tBillets et ateliers\nTotal\t12 €"
    )


def test_a_number_with_a_hanging_indent_is_no_table() -> None:
    lines = [
        line("2.1", 100, left=70),
        line("Chaque ville accueille quatre stagiaires,", 100, left=120, right=FULL),
        line("pour trois mois.", 114, left=120),
        line("2.2", 128, left=70),
        line("Rien d'autre.", 128, left=120),
    ]
    assert text_of(page(*lines)) == (
        "2.1 Chaque ville accueille quatre stagiaires, pour trois mois.\n2.2 Rien d'autre."
    )


def test_two_columns_are_no_table_row() -> None:
    left = [line("colonne de gauche", 100 + 14 * row, right=280.0) for row in range(20)]
    right = [line("colonne de droite", 100 + 14 * row, left=320, right=FULL) for row in range(20)]
    text = text_of(page(*left, *right))
    assert "\t" not in text
    assert text.index("droite") > text.rindex("gauche")


def body(number: int) -> list[Line]:
    return [
        line(f"Le corps de la page {number} dit {word}.", 300 + 20 * row)
        for row, word in enumerate(("un", "deux"))
    ]


def test_running_heads_and_page_numbers_are_set_aside() -> None:
    pages = [
        page(line("Ville de Rocheval", 40), *body(number), line(f"Page {number} sur 4", 800))
        for number in range(1, 5)
    ]
    text, starts, set_aside = compose(pages)
    assert "Rocheval" not in text
    assert "sur 4" not in text
    assert (set_aside, len(starts)) == (8, 4)
    assert all(
        text[start:].startswith(f"Le corps de la page {number}")
        for number, start in enumerate(starts, 1)
    )


def test_a_running_head_missing_on_the_cover_is_still_one() -> None:
    pages = [
        page(*body(1)),
        *[page(line("Ville de Rocheval", 40), *body(number)) for number in (2, 3, 4)],
    ]
    assert "Rocheval" not in text_of(*pages)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Article 1", "Article 2"),  # headings that count up with the pages
        ("Total 62 000 €", "Total 64 000 €"),  # numbers that do not go with the pages
        ("Fait à Rocheval", "Fait à Évry"),
    ],
)
def test_body_lines_at_the_edge_stay(first: str, second: str) -> None:
    text = text_of(page(line(first, 60), *body(1)), page(line(second, 60), *body(2)))
    assert first in text
    assert second in text


def test_the_same_line_at_other_heights_stays() -> None:
    text = text_of(
        page(line("Lu et approuvé", 770), *body(1)), page(line("Lu et approuvé", 740), *body(2))
    )
    assert text.count("Lu et approuvé") == 2


def test_a_lone_page_number_goes_and_a_figure_stays() -> None:
    assert text_of(page(*body(1), line("- 1 -", 800))).count("\n") == 1
    assert text_of(page(*body(1), line("45", 800))).endswith("45")
    assert text_of(page(line("1", 30))) == "1"


def test_a_page_without_lines_begins_where_the_next_does() -> None:
    text, starts, _ = compose([page(*body(1)), page(), page(*body(3))])
    assert len(starts) == 3
    assert text[starts[2] :].startswith("Le corps de la page 3")


def test_nothing_at_all() -> None:
    assert compose([page()]) == ("", (0,), 0)
    assert compose([]) == ("", (), 0)


def test_a_paragraph_of_many_lines_costs_no_more_than_its_length() -> None:
    pages = [
        page(*[line("mots sans fin", 50 + row, right=FULL) for row in range(700)])
        for _ in range(40)
    ]
    assert len(text_of(*pages)) > 300_000
