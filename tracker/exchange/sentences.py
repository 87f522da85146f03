"""The sentences of what is wrong in a record, French then English.

Each one says what was found and what to do. `{value}` is already shortened and escaped.
"""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    "@period": ("P3M ou P1Y", "P3M or P1Y"),
    "@period_words": ("« 3 mois » ou P3M", "“3 mois” or P3M"),
    "@date": ("2027-12-31", "2027-12-31"),
    "@date_cell": ("31/12/2027 ou 2027-12-31", "31/12/2027 or 2027-12-31"),
    "@date_formal": ("2027-12-31, 2027-12 ou 2027", "2027-12-31, 2027-12 or 2027"),
    "@date_formal_cell": (
        "31/12/2027, 12/2027 ou 2027 (ou 2027-12-31, 2027-12)",
        "31/12/2027, 12/2027 or 2027 (or 2027-12-31, 2027-12)",
    ),
    "@amount": ("1234.56", "1234.56"),
    "@amount_cell": ("« 1 234,56 »", "“1 234,56”"),
    "@directory": ("c’est un dossier", "it is a folder"),
    "@fifo": ("c’est un tube", "it is a pipe"),
    "@device": ("c’est un périphérique", "it is a device"),
    "@socket": ("c’est une prise réseau", "it is a socket"),
    "@zip": ("un classeur ou une archive", "a workbook or an archive"),
    "@ole": ("un ancien document Office", "an old Office document"),
    "@pdf": ("un PDF", "a PDF"),
    "@html": ("une page web", "a web page"),
    "@xml": ("du XML", "XML"),
    "@text": ("du texte", "text"),
    "@ods": ("un classeur OpenDocument", "an OpenDocument spreadsheet"),
    "@other_zip": ("une autre archive", "another archive"),
    "@doctype": ("déclaration DOCTYPE", "DOCTYPE declaration"),
    "@nested": ("archive imbriquée", "nested archive"),
    "@same_name": ("partie présente deux fois", "part present twice"),
    "@encrypted": ("partie chiffrée", "encrypted part"),
    "@method": ("compression inconnue", "unknown compression"),
    "@bad_xml": ("XML mal formé", "malformed XML"),
    "@damaged": ("archive endommagée", "damaged archive"),
    "@no_sheet": ("aucune feuille de calcul", "no worksheet"),
    "Expecting value": (
        "une valeur est attendue ici",
        "Expecting value",
    ),
    "Expecting ',' delimiter": (
        "une virgule est attendue ici",
        "Expecting ',' delimiter",
    ),
    "Expecting ':' delimiter": (
        "deux-points sont attendus ici",
        "Expecting ':' delimiter",
    ),
    "Expecting property name enclosed in double quotes": (
        "une clé entre guillemets droits est attendue ici",
        "Expecting property name enclosed in double quotes",
    ),
    "Illegal trailing comma before end of object": (
        "virgule de trop avant « } »",
        "Illegal trailing comma before end of object",
    ),
    "Illegal trailing comma before end of array": (
        "virgule de trop avant « ] »",
        "Illegal trailing comma before end of array",
    ),
    "Unterminated string starting at": (
        "guillemet jamais refermé",
        "Unterminated string starting at",
    ),
    "Invalid control character at": (
        "retour à la ligne ou caractère de commande dans un texte",
        "Invalid control character at",
    ),
    "Invalid \\escape": (
        "barre oblique inverse suivie d’un caractère inattendu",
        "Invalid \\escape",
    ),
    "Invalid \\uXXXX escape": (
        "code \\u mal formé",
        "Invalid \\uXXXX escape",
    ),
    "Extra data": (
        "texte de trop après la fin",
        "Extra data",
    ),
    "mapping values are not allowed in this context": (
        "« : » inattendu ; mettez le texte entre guillemets, ou vérifiez le retrait",
        "mapping values are not allowed in this context",
    ),
    "mapping values are not allowed here": (
        "« : » inattendu ; mettez le texte entre guillemets, ou vérifiez le retrait",
        "mapping values are not allowed here",
    ),
    "did not find expected key": (
        "clé attendue ; vérifiez le retrait",
        "did not find expected key",
    ),
    "did not find expected '-' indicator": (
        "tiret de liste attendu ; vérifiez le retrait",
        "did not find expected '-' indicator",
    ),
    "could not find expected ':'": (
        "« : » attendu après la clé",
        "could not find expected ':'",
    ),
    "did not find expected ',' or ']'": (
        "virgule ou « ] » attendu",
        "did not find expected ',' or ']'",
    ),
    "did not find expected ',' or '}'": (
        "virgule ou « } » attendu",
        "did not find expected ',' or '}'",
    ),
    "did not find expected node content": (
        "valeur attendue ici",
        "did not find expected node content",
    ),
    "found character that cannot start any token": (
        "caractère inattendu en tête ; mettez le texte entre guillemets, sans tabulation",
        "found character that cannot start any token",
    ),
    "found a tab character that violates indentation": (
        "tabulation ; n’employez que des espaces pour le retrait",
        "found a tab character that violates indentation",
    ),
    "found unexpected end of stream": (
        "guillemet jamais refermé",
        "found unexpected end of stream",
    ),
    "found unknown escape character": (
        "barre oblique inverse suivie d’un caractère inattendu",
        "found unknown escape character",
    ),
    "block sequence entries are not allowed in this context": (
        "tiret de liste inattendu ; vérifiez le retrait",
        "block sequence entries are not allowed in this context",
    ),
    "@yaml_other": (
        "vérifiez le retrait, les guillemets et les deux-points",
        "check the indentation, the quotes and the colons",
    ),
    "@yaml_character": ("caractère interdit", "forbidden character"),
    "@long_number": ("nombre trop long", "number too long"),
    "@bad_sheet": ("feuille illisible", "unreadable sheet"),
}

SENTENCES: dict[str, tuple[str, str]] = {
    # files
    "file_missing": (
        "fichier introuvable ; vérifiez son nom et son dossier",
        "no such file; check its name and its folder",
    ),
    "file_forbidden": (
        "lecture refusée par le système ; demandez le droit de lire ce fichier",
        "the system refuses to read it; ask for the right to read this file",
    ),
    "file_not_regular": (
        "ce n’est pas un fichier ordinaire ({what}) ; donnez le nom d’un fichier",
        "this is not a regular file ({what}); give the name of a file",
    ),
    "file_too_big": (
        "fichier de plus de {limit} Mo ; découpez-le",
        "file larger than {limit} MB; split it",
    ),
    "file_unreadable": (
        "lecture impossible ({reason})",
        "it cannot be read ({reason})",
    ),
    "file_empty": (
        "fichier vide ; rien à importer",
        "empty file; there is nothing to import",
    ),
    "stdin_empty": (
        "rien n’arrive sur l’entrée standard ; donnez le nom d’un fichier",
        "nothing comes on standard input; give the name of a file",
    ),
    "format_unknown": (
        "extension inconnue ; formats lus : {known}",
        "unknown extension; formats that are read: {known}",
    ),
    "format_mismatch": (
        (
            "le contenu est {found}, ce que le nom du fichier ne dit pas ; "
            "enregistrez-le de nouveau dans l’un de ces formats : {known}"
        ),
        (
            "the content is {found}, which the file name does not say; "
            "save it again in one of these formats: {known}"
        ),
    ),
    "encoding_named": (
        "texte en {encoding} ; enregistrez le fichier en UTF-8",
        "text in {encoding}; save the file as UTF-8",
    ),
    "encoding_unknown": (
        "encodage non reconnu à partir de l’octet {offset} ; enregistrez le fichier en UTF-8",
        "unknown encoding from byte {offset} on; save the file as UTF-8",
    ),
    "encoding_mixed": (
        (
            "texte en partie en UTF-8 et en partie dans un autre encodage (octet {offset}) ; "
            "enregistrez le fichier en UTF-8"
        ),
        (
            "text partly in UTF-8 and partly in another encoding (byte {offset}); "
            "save the file as UTF-8"
        ),
    ),
    "read_as_cp1252": (
        "texte lu en Windows-1252, faute d’être en UTF-8 ; vérifiez les accents",
        "text read as Windows-1252, since it is not UTF-8; check the accents",
    ),
    "nul": (
        "caractère nul (U+0000) dans le texte ; le fichier est abîmé, enregistrez-le de nouveau",
        "null character (U+0000) in the text; the file is damaged, save it again",
    ),
    "duplicate_reference": (
        "la référence « {value} » est déjà donnée ici : {other} ; gardez une seule des deux fiches",
        "the reference “{value}” is already given here: {other}; keep one of the two records",
    ),
    "too_many_problems": (
        "{count} autres erreurs ne sont pas affichées",
        "{count} more errors are not shown",
    ),
    # syntax
    "json_syntax": (
        "JSON mal écrit à la colonne {column} ({reason})",
        "bad JSON at column {column} ({reason})",
    ),
    "json_number": (
        "« {value} » n’est pas un nombre en JSON ; écrivez null si la valeur n’est pas connue",
        "“{value}” is not a number in JSON; write null when the value is not known",
    ),
    "yaml_syntax": (
        "YAML mal écrit à la colonne {column} ({reason})",
        "bad YAML at column {column} ({reason})",
    ),
    "yaml_alias": (
        "ancre ou alias « {value} » ; écrivez la valeur en toutes lettres à chaque endroit",
        "anchor or alias “{value}”; write the value out at each place",
    ),
    "yaml_tag": (
        "étiquette de type « {value} » refusée ; écrivez la valeur seule",
        "type tag “{value}” refused; write the value alone",
    ),
    "yaml_documents": (
        "plusieurs documents dans un fichier ; gardez une seule liste de fiches, sans « --- »",
        "several documents in one file; keep a single list of records, without “---”",
    ),
    "yaml_key": (
        "une clé est un simple mot",
        "a key is a plain word",
    ),
    "too_deep": (
        "trop de niveaux imbriqués",
        "too many nested levels",
    ),
    "too_long": (
        "texte de plus de {limit} caractères ; raccourcissez-le",
        "text longer than {limit} characters; shorten it",
    ),
    "too_many": (
        "plus de {limit} éléments",
        "more than {limit} items",
    ),
    "duplicate_key": (
        "la clé « {value} » est donnée deux fois ; gardez-en une",
        "the key “{value}” is given twice; keep one",
    ),
    "not_records": (
        "une fiche ou une liste de fiches est attendue",
        "a record or a list of records is expected",
    ),
    # tables
    "csv_quote_open": (
        "guillemet ouvert à cette ligne et jamais refermé ; refermez-le ou doublez-le",
        "quote opened on this line and never closed; close it or double it",
    ),
    "csv_quote_swallows": (
        "le guillemet ouvert à cette ligne avale les lignes suivantes ; refermez-le ou doublez-le",
        "the quote opened on this line swallows the next lines; close it or double it",
    ),
    "csv_quote_stray": (
        (
            "guillemet isolé près de « {value} » ; entourez la cellule de guillemets et doublez "
            "ceux qu’elle contient"
        ),
        "stray quote near “{value}”; put the cell between quotes and double those inside it",
    ),
    "row_short": (
        "{found} cellules au lieu de {expected} ; la ligne est tronquée",
        "{found} cells instead of {expected}; the row is cut short",
    ),
    "row_long": (
        "une cellule de trop, sous aucun titre de colonne : « {value} »",
        "one cell too many, under no column heading: “{value}”",
    ),
    "header_missing": (
        "pas de ligne de titres ; la première ligne nomme les colonnes",
        "there is no heading row; the first row names the columns",
    ),
    "column_missing": (
        "la colonne « {value} » manque",
        "the column “{value}” is missing",
    ),
    "column_unknown": (
        "colonne inconnue « {value} »",
        "unknown column “{value}”",
    ),
    "column_twice": (
        "deux colonnes disent la même chose : « {value} » et « {other} » ; gardez-en une",
        "two columns say the same thing: “{value}” and “{other}”; keep one",
    ),
    "column_unnamed": (
        "la colonne {value} contient des valeurs mais n’a pas de titre ; donnez-lui un titre",
        "column {value} holds values but has no heading; give it one",
    ),
    "cell_json": (
        "JSON mal écrit dans la cellule, au caractère {column} ({reason})",
        "bad JSON in the cell, at character {column} ({reason})",
    ),
    # workbooks
    "xlsx_damaged": (
        "classeur illisible ({reason}) ; enregistrez-le de nouveau au format .xlsx",
        "unreadable workbook ({reason}); save it again as .xlsx",
    ),
    "xlsx_encrypted": (
        (
            "classeur protégé par un mot de passe, ou ancien format .xls ; "
            "enregistrez-le sans mot de passe au format .xlsx"
        ),
        "workbook with a password, or old .xls format; save it as .xlsx without a password",
    ),
    "xlsx_not_a_workbook": (
        "ce n’est pas un classeur .xlsx ({what}) ; enregistrez-le au format .xlsx",
        "this is not an .xlsx workbook ({what}); save it as .xlsx",
    ),
    "xlsx_too_big": (
        "classeur trop gros une fois décompressé (plus de {limit} Mo)",
        "workbook too large once unpacked (more than {limit} MB)",
    ),
    "xlsx_too_many_entries": (
        "classeur de plus de {limit} parties",
        "workbook with more than {limit} parts",
    ),
    "xlsx_suspect": (
        "classeur refusé : {reason} dans « {value} » ; copiez les valeurs dans un classeur neuf",
        "workbook refused: {reason} in “{value}”; copy the values into a new workbook",
    ),
    "xlsx_too_many_cells": (
        (
            "feuille démesurée : des cellules sont remplies jusqu’en {value} ; "
            "effacez celles qui ne servent pas"
        ),
        "enormous sheet: cells are filled as far as {value}; delete those that are not used",
    ),
    "cells_merged": (
        "cellules fusionnées {value} ; défusionnez-les et remplissez chaque ligne",
        "merged cells {value}; split them and fill every row",
    ),
    "sheet_unnamed": (
        "ce classeur a plusieurs feuilles ({known}) ; dites laquelle lire avec --sheet",
        "this workbook has several sheets ({known}); say which one to read with --sheet",
    ),
    "sheet_unknown": (
        "pas de feuille « {value} » ; feuilles présentes : {known}",
        "no sheet “{value}”; sheets present: {known}",
    ),
    "sheet_useless": (
        "--sheet ne s’applique qu’aux fichiers .xlsx",
        "--sheet only applies to .xlsx files",
    ),
    "cell_error": (
        "la cellule contient l’erreur {value} ; corrigez-la",
        "the cell holds the error {value}; mend it",
    ),
    "cell_formula": (
        "formule sans résultat enregistré ; ouvrez le classeur dans un tableur et enregistrez-le",
        "formula without a stored result; open the workbook in a spreadsheet and save it",
    ),
    "cell_number": (
        (
            "« {value} » est un nombre et non une date ; mettez la cellule au format Date, "
            "ou écrivez 31/12/2027"
        ),
        "“{value}” is a number, not a date; give the cell a date format, or write 31/12/2027",
    ),
    "cell_time": (
        "« {value} » porte une heure ; gardez la date seule",
        "“{value}” has a time of day; keep the date alone",
    ),
    "cell_date": (
        "une date n’a pas sa place ici",
        "a date does not belong here",
    ),
    "cell_boolean": (
        "« {value} » (vrai ou faux) n’a pas sa place ici",
        "“{value}” (true or false) does not belong here",
    ),
    "cell_decimal": (
        "« {value} » est un nombre ; mettez la cellule au format Texte",
        "“{value}” is a number; give the cell the text format",
    ),
    "rows_hidden": (
        "lignes masquées importées aussi : {rows}",
        "hidden rows are imported as well: {rows}",
    ),
    "cell_too_long": (
        (
            "texte de plus de {limit} caractères : une cellule de tableur ne peut le contenir ; "
            "exportez en JSON, en YAML ou en CSV"
        ),
        (
            "text longer than {limit} characters: a spreadsheet cell cannot hold it; "
            "export as JSON, YAML or CSV"
        ),
    ),
    # fields
    "field_form": (
        "« {value} » n’est pas de la forme NOM=VALEUR",
        "“{value}” is not of the form NAME=VALUE",
    ),
    "unknown_key": (
        "champ inconnu « {value} »",
        "unknown field “{value}”",
    ),
    "unknown_event_key": (
        "l’événement « {event} » n’a pas de champ « {value} » (ses champs : {known})",
        "the event “{event}” has no field “{value}” (its fields: {known})",
    ),
    "required": (
        "valeur obligatoire ; ajoutez-la",
        "required value; add it",
    ),
    "reference_fixed": (
        (
            "la référence ne change pas (« {value} » au lieu de « {other} ») ; "
            "supprimez la convention et créez-la de nouveau"
        ),
        (
            "the reference does not change (“{value}” instead of “{other}”); "
            "remove the convention and add it again"
        ),
    ),
    "not_text": (
        "« {value} » n’est pas un texte ; mettez-le entre guillemets",
        "“{value}” is not a text; put it between quotes",
    ),
    "not_list": (
        "une liste est attendue, et non « {value} »",
        "a list is expected, not “{value}”",
    ),
    "not_mapping": (
        "un groupe de champs est attendu, et non « {value} »",
        "a group of fields is expected, not “{value}”",
    ),
    "line_break": (
        "retour à la ligne dans « {value} » ; écrivez ce texte sur une seule ligne",
        "line break in “{value}”; write this text on a single line",
    ),
    "control_character": (
        "caractère de commande {name} dans « {value} » ; effacez-le",
        "control character {name} in “{value}”; delete it",
    ),
    "encoded_word": (
        "« {value} » contient un code de messagerie (=?…?=) ; écrivez le texte en clair",
        "“{value}” holds a mail code (=?…?=); write the text plainly",
    ),
    "date_form": (
        "date non reconnue « {value} » ; écrivez {example}",
        "date not understood “{value}”; write {example}",
    ),
    "date_partial": (
        "« {value} » n’est pas une date complète ; écrivez aussi le mois et le jour ({example})",
        "“{value}” is not a full date; write the month and the day too ({example})",
    ),
    "date_missing": (
        "date inexistante « {value} » ; vérifiez le jour et le mois",
        "no such date “{value}”; check the day and the month",
    ),
    "date_short_year": (
        "année sur deux chiffres dans « {value} » ; écrivez-la sur quatre chiffres",
        "two-digit year in “{value}”; write it with four digits",
    ),
    "year_range": (
        "année hors de 1900–2199 dans « {value} » ; vérifiez la saisie",
        "year outside 1900–2199 in “{value}”; check the typing",
    ),
    "year_form": (
        "« {value} » n’est pas une année ; écrivez quatre chiffres",
        "“{value}” is not a year; write four digits",
    ),
    "period_form": (
        "durée non reconnue « {value} » ; écrivez par exemple {example}",
        "period not understood “{value}”; write for example {example}",
    ),
    "period_unit": (
        "durée sans unité « {value} » ; écrivez par exemple {example}",
        "period without a unit “{value}”; write for example {example}",
    ),
    "period_negative": (
        "durée négative « {value} » ; écrivez par exemple {example}",
        "negative period “{value}”; write for example {example}",
    ),
    "period_zero": (
        "durée nulle « {value} » ; laissez le champ vide s’il n’y en a pas",
        "period of nothing “{value}”; leave the field empty when there is none",
    ),
    "period_disagrees": (
        "les mots et les chiffres ne disent pas la même durée dans « {value} »",
        "the words and the figures do not say the same period in “{value}”",
    ),
    "period_long": (
        "durée de plus de 300 ans « {value} » ; écrivez « indefinite » pour une durée indéterminée",
        "period longer than 300 years “{value}”; write “indefinite” for an indefinite term",
    ),
    "choice": (
        "valeur inconnue « {value} » ; valeurs possibles : {known}",
        "unknown value “{value}”; possible values: {known}",
    ),
    "boolean": (
        "« {value} » n’est ni vrai ni faux ; écrivez true ou false",
        "“{value}” is neither true nor false; write true or false",
    ),
    "boolean_words": (
        "« {value} » n’est ni oui ni non ; écrivez oui ou non",
        "“{value}” is neither yes nor no; write true or false",
    ),
    "integer": (
        "« {value} » n’est pas un nombre entier entre {low} et {high}",
        "“{value}” is not a whole number between {low} and {high}",
    ),
    "amount": (
        "montant non reconnu « {value} » ; écrivez par exemple {example}",
        "amount not understood “{value}”; write for example {example}",
    ),
    "amount_ambiguous": (
        "montant ambigu « {value} » ; écrivez par exemple {example}",
        "ambiguous amount “{value}”; write for example {example}",
    ),
    "amount_negative": (
        "montant négatif « {value} » ; un montant est positif ou nul",
        "negative amount “{value}”; an amount is zero or more",
    ),
    "amount_large": (
        "montant démesuré « {value} » ; vérifiez la saisie (en euros)",
        "enormous amount “{value}”; check the typing (in euros)",
    ),
    "share": (
        "part non reconnue « {value} » ; écrivez un pourcentage entre 0 et 100",
        "share not understood “{value}”; write a percentage between 0 and 100",
    ),
    "shares_above_100": (
        "la somme des parts dépasse 100 % ({value} %)",
        "the shares add up to more than 100% ({value}%)",
    ),
    "instalment_form": (
        "versement non reconnu « {value} » ; écrivez par exemple « 70 signature »",
        "instalment not understood “{value}”; write for example “70 signature”",
    ),
    "duty_form": (
        "obligation non reconnue « {value} » ; écrivez par exemple « committee P1Y »",
        "duty not understood “{value}”; write for example “committee P1Y”",
    ),
    "session_form": (
        "séance non reconnue « {value} » ; écrivez la date puis le vote",
        "session not understood “{value}”; write the date, then the vote",
    ),
    "programme_form": (
        "programme non reconnu « {value} » ; écrivez deux années, par exemple « 2016-2020 »",
        "programme not understood “{value}”; write two years, for example “2016-2020”",
    ),
    "programme_order": (
        "le programme finit en {value}, avant de commencer ({other})",
        "the programme ends in {value}, before it begins ({other})",
    ),
    "milestone_order": (
        "le jalon finit le {value}, avant de commencer ({other})",
        "the milestone ends on {value}, before it begins ({other})",
    ),
    "country": (
        "pays inconnu « {value} » ; écrivez son code à deux lettres (ISO 3166-1)",
        "unknown country “{value}”; write its two-letter code (ISO 3166-1)",
    ),
    "address": (
        "adresse électronique refusée « {value} » : {why_fr}",
        "e-mail address refused “{value}”: {why_en}",
    ),
    "twice": (
        "« {value} » est donné deux fois ; gardez-en un",
        "“{value}” is given twice; keep one",
    ),
    "not_a_field": (
        "« {value} » n’est pas le nom d’un champ",
        "“{value}” is not the name of a field",
    ),
    "end_before_start": (
        (
            "la fin ({value}) précède le début ({other}, champ « {field} ») ; corrigez "
            "l’une des deux dates"
        ),
        (
            "the end ({value}) comes before the start ({other}, field “{field}”); correct one of "
            "the two dates"
        ),
    ),
    "own_relative": (
        "une convention ne peut renvoyer à elle-même",
        "a convention cannot refer to itself",
    ),
    # events
    "event_number": (
        "deux événements portent le numéro {value}",
        "two events have the number {value}",
    ),
    "event_target": (
        (
            "l’événement n° {value} n’est pas plus haut dans cette liste ; "
            "donnez aussi l’événement annulé"
        ),
        (
            "there is no event number {value} above this one in the list; "
            "give the mistaken event as well"
        ),
    ),
    "event_target_stored": (
        "la convention n’a pas d’événement n° {value}",
        "the convention has no event number {value}",
    ),
    "receipt_before_posting": (
        "date antérieure à l’envoi ({other})",
        "date before the posting ({other})",
    ),
}
