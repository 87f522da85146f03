"""What people read when a document cannot be read, or not wholly: one line a code, two languages.

The codes are stable: they are printed in JSON and kept with what was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Wording(NamedTuple):
    """What happened and what to do, in French and in English."""

    fr: str
    en: str
    fr_hint: str = ""
    en_hint: str = ""


ERRORS: dict[str, Wording] = {
    "not_found": Wording(
        "fichier introuvable", "no such file", "vérifiez le chemin", "check the path"
    ),
    "no_permission": Wording(
        "lecture refusée",
        "permission denied",
        "donnez le droit de lecture à l'utilisateur du programme",
        "give the program's user the right to read it",
    ),
    "not_regular": Wording(
        "ce n'est pas un fichier ordinaire ({kind})",
        "not a regular file ({kind})",
        "donnez le chemin d'un fichier PDF, DOCX, ODT ou texte",
        "give the path of a PDF, DOCX, ODT or text file",
    ),
    "bad_name": Wording(
        "nom de fichier impossible",
        "impossible file name",
        "renommez le fichier",
        "rename the file",
    ),
    "unreadable": Wording(
        "le système refuse de lire ce fichier ({reason})",
        "the system cannot read this file ({reason})",
        "vérifiez le disque ou le partage réseau",
        "check the disk or the network share",
    ),
    "empty_file": Wording(
        "fichier vide",
        "empty file",
        "vérifiez que la copie est complète",
        "check that the copy is whole",
    ),
    "too_large": Wording(
        "fichier de plus de {limit_mib} Mio",
        "file larger than {limit_mib} MiB",
        "séparez les annexes, ou enregistrez un PDF plus léger",
        "split off the annexes, or save a lighter PDF",
    ),
    "unsupported": Wording(
        "format non pris en charge ({kind})",
        "unsupported format ({kind})",
        "enregistrez le document en PDF, DOCX ou ODT",
        "save the document as PDF, DOCX or ODT",
    ),
    "old_office": Wording(
        "ancien format de Microsoft Office ({kind})",
        "old Microsoft Office format ({kind})",
        "ouvrez-le et enregistrez-le en DOCX, ODT ou PDF",
        "open it and save it as DOCX, ODT or PDF",
    ),
    "binary": Wording(
        "ce n'est pas un texte (octets nuls ou de contrôle)",
        "not a text (NUL or control bytes)",
        "enregistrez le document en PDF, DOCX, ODT ou texte UTF-8",
        "save the document as PDF, DOCX, ODT or UTF-8 text",
    ),
    "encoding_unknown": Wording(
        "encodage du texte inconnu (ni UTF-8 ni Windows-1252 : octet {position})",
        "unknown text encoding (neither UTF-8 nor Windows-1252: byte {position})",
        "enregistrez le texte en UTF-8",
        "save the text as UTF-8",
    ),
    "encrypted": Wording(
        "document protégé par un mot de passe",
        "document protected by a password",
        "enregistrez-en une copie sans mot de passe",
        "save a copy without the password",
    ),
    "damaged_file": Wording(
        "fichier {kind} endommagé ou incomplet",
        "damaged or incomplete {kind} file",
        "demandez-en une nouvelle copie, ou enregistrez-le de nouveau",
        "ask for a new copy, or save it again",
    ),
    "no_pages": Wording(
        "PDF sans aucune page",
        "PDF without any page",
        "demandez-en une nouvelle copie",
        "ask for a new copy",
    ),
    "too_many_pages": Wording(
        "PDF de {pages} pages, pour une limite de {limit}",
        "PDF of {pages} pages; the limit is {limit}",
        "gardez la convention et séparez les annexes",
        "keep the convention and split off the annexes",
    ),
    "too_much_text": Wording(
        "plus de {limit} caractères de texte",
        "more than {limit} characters of text",
        "gardez la convention et séparez les annexes",
        "keep the convention and split off the annexes",
    ),
    "too_many_entries": Wording(
        "archive de plus de {limit} éléments",
        "archive of more than {limit} entries",
        "enregistrez de nouveau le document, ou en PDF",
        "save the document again, or as PDF",
    ),
    "archive_too_large": Wording(
        "contenu décompressé de plus de {limit_mib} Mio",
        "unpacked content larger than {limit_mib} MiB",
        "retirez les images, ou enregistrez le document en PDF",
        "remove the pictures, or save the document as PDF",
    ),
    "unsafe_archive": Wording(
        "archive piégée ou mal formée (noms dangereux, en double, ou compression inconnue)",
        "trapped or malformed archive (dangerous or duplicate names, or unknown compression)",
        "n'ouvrez ce fichier qu'avec précaution ; demandez-en une nouvelle copie",
        "open this file with care only; ask for a new copy",
    ),
    "doctype": Wording(
        "déclaration DOCTYPE interdite dans le document",
        "forbidden DOCTYPE declaration in the document",
        "n'ouvrez ce fichier qu'avec précaution ; demandez-en une nouvelle copie",
        "open this file with care only; ask for a new copy",
    ),
    "timeout": Wording(
        "extraction impossible : délai de {seconds} s dépassé",
        "extraction impossible: more than {seconds} s",
        "enregistrez de nouveau le document (« imprimer en PDF »)",
        "save the document again (print to PDF)",
    ),
    "memory": Wording(
        "extraction impossible : plus de {limit_mib} Mio de mémoire",
        "extraction impossible: more than {limit_mib} MiB of memory",
        "enregistrez de nouveau le document (« imprimer en PDF »)",
        "save the document again (print to PDF)",
    ),
    "crashed": Wording(
        "extraction impossible : le lecteur s'est arrêté sur ce fichier (endommagé ou piégé)",
        "extraction impossible: the reader stopped on this file (damaged or trapped)",
        "enregistrez de nouveau le document (« imprimer en PDF »)",
        "save the document again (print to PDF)",
    ),
    "not_started": Wording(
        "le lecteur de documents ne démarre pas ({reason})",
        "the document reader does not start ({reason})",
        "vérifiez l'installation et la mémoire disponible",
        "check the installation and the free memory",
    ),
}

WARNINGS: dict[str, Wording] = {
    "ocr": Wording(
        "texte reconnu par OCR (page(s) {page_list}) : relire chiffres et dates",
        "text recognised by OCR (page(s) {page_list}): check figures and dates",
    ),
    "image_only": Wording(
        "page(s) {page_list} : image sans texte, non lue ({why})",
        "page(s) {page_list}: image without text, not read ({why})",
    ),
    "pages_unreadable": Wording(
        "page(s) {page_list} illisible(s), absente(s) du texte",
        "page(s) {page_list} unreadable, missing from the text",
    ),
    "damaged": Wording(
        "le fichier paraît tronqué : le texte peut être incomplet",
        "the file looks cut short: the text may be incomplete",
    ),
    "no_text": Wording("le document ne contient aucun texte", "the document contains no text"),
    "encoding": Wording(
        "texte lu comme {encoding} : vérifier les accents",
        "text read as {encoding}: check the accents",
    ),
    "tracked_deletions": Wording(
        "suivi des modifications : {count} suppression(s) non comptée(s){excerpt_list}",
        "tracked changes: {count} deletion(s) left out{excerpt_list}",
    ),
    "tracked_insertions": Wording(
        "suivi des modifications : {count} insertion(s) non acceptée(s), comptée(s) dans le texte",
        "tracked changes: {count} insertion(s) not yet accepted, kept in the text",
    ),
    "hidden_text": Wording(
        "texte masqué laissé de côté ({count} passage(s))", "hidden text left out ({count} run(s))"
    ),
}

_FRENCH_KINDS = {"directory": "dossier", "FIFO": "tube nommé", "device": "périphérique"}
_WHY_NO_OCR = {
    "program": ("programme tesseract absent", "the tesseract program is missing"),
    "language": (
        "données françaises de tesseract absentes : paquet tesseract-ocr-fra",
        "tesseract's French data are missing: package tesseract-ocr-fra",
    ),
    "too_many": (
        "trop de pages pour l'OCR : limite {limit}",
        "too many pages for OCR: limit {limit}",
    ),
    "failed": ("l'OCR n'y a rien trouvé ou a échoué", "OCR failed or found nothing there"),
}


def sentence(wording: Wording, params: Mapping[str, Any], lang: str = "fr") -> str:
    """Return what happened, in one line."""
    return (wording.en if lang == "en" else wording.fr).format_map(_shown(params, lang))


def hint(wording: Wording, lang: str = "fr") -> str:
    """Return what to do about it."""
    return wording.en_hint if lang == "en" else wording.fr_hint


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _shown(params: Mapping[str, Any], lang: str) -> _Shown:
    """Return the values as they stand in a sentence; they come from documents: one line, no braces."""
    shown = _Shown({key: one_line(str(value)) for key, value in params.items()})
    if lang != "en" and "kind" in shown:
        shown["kind"] = _FRENCH_KINDS.get(shown["kind"], shown["kind"])
    limit = params.get("limit")
    if isinstance(limit, int):
        shown["limit_mib"] = f"{max(1, limit // (1024 * 1024))}"
    if isinstance(pages := params.get("pages"), list):
        shown["page_list"] = page_ranges(pages)
    why = _WHY_NO_OCR.get(str(params.get("missing")), ("", ""))
    shown["why"] = why[lang == "en"].format_map(shown)
    quotes = [f"« {one_line(str(excerpt))} »" for excerpt in params.get("excerpts", [])]
    shown["excerpt_list"] = f" : {', '.join(quotes)}" if quotes else ""
    return shown


def page_ranges(pages: Sequence[int]) -> str:
    """Return « 1-3, 7 » for [1, 2, 3, 7]."""
    ranges: list[list[int]] = []
    for page in sorted(pages):
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return ", ".join(f"{low}" if low == high else f"{low}-{high}" for low, high in ranges)


def one_line(text: str) -> str:
    """Return `text` fit to stand in a message: control and direction characters escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
