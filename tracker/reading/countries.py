"""Countries as French texts name them, with their ISO 3166-1 codes."""

from __future__ import annotations

import re
from typing import Final

from tracker.reading.french import fold

_CODES: Final = {
    "DZ": "algerie", "DE": "allemagne|republique federale d'allemagne|rfa", "AR": "argentine",
    "AM": "armenie", "AU": "australie", "AT": "autriche", "AZ": "azerbaidjan", "BE": "belgique",
    "BJ": "benin", "BY": "bielorussie", "BO": "bolivie", "BA": "bosnie-herzegovine|bosnie",
    "BR": "bresil", "BG": "bulgarie", "BF": "burkina faso|burkina|haute-volta", "KH": "cambodge",
    "CM": "cameroun", "CA": "canada|quebec|ontario", "CL": "chili", "CN": "chine", "CY": "chypre",
    "CO": "colombie", "KM": "comores", "CG": "congo", "KR": "coree du sud|coree", "CR": "costa rica",
    "CI": "cote d'ivoire", "HR": "croatie", "CU": "cuba", "DK": "danemark", "EG": "egypte",
    "AE": "emirats arabes unis", "EC": "equateur", "ES": "espagne", "EE": "estonie",
    "US": "etats-unis|etats-unis d'amerique|usa", "ET": "ethiopie", "FI": "finlande", "FR": "france",
    "GA": "gabon", "GE": "georgie", "GH": "ghana", "GR": "grece", "GT": "guatemala", "GN": "guinee",
    "HT": "haiti", "HN": "honduras", "HU": "hongrie", "IN": "inde", "ID": "indonesie", "IQ": "irak",
    "IR": "iran", "IE": "irlande", "IS": "islande", "IL": "israel", "IT": "italie", "JP": "japon",
    "JO": "jordanie", "KZ": "kazakhstan", "KE": "kenya", "LA": "laos", "LV": "lettonie",
    "LB": "liban", "LT": "lituanie", "LU": "luxembourg", "MG": "madagascar", "ML": "mali",
    "MT": "malte", "MA": "maroc", "MU": "maurice", "MR": "mauritanie", "MX": "mexique",
    "MD": "moldavie", "MC": "monaco", "MN": "mongolie", "ME": "montenegro", "NP": "nepal",
    "NI": "nicaragua", "NE": "niger", "NG": "nigeria", "NO": "norvege", "NZ": "nouvelle-zelande",
    "PK": "pakistan", "PS": "palestine", "PA": "panama", "PY": "paraguay", "NL": "pays-bas",
    "PE": "perou", "PH": "philippines", "PL": "pologne", "PT": "portugal", "CZ": "republique tcheque|tchequie",
    "RO": "roumanie", "GB": "royaume-uni|angleterre|ecosse|pays de galles|grande-bretagne", "RU": "russie|federation de russie",
    "RW": "rwanda", "SN": "senegal", "RS": "serbie", "SG": "singapour", "SK": "slovaquie",
    "SI": "slovenie", "SE": "suede", "CH": "suisse", "SY": "syrie", "TW": "taiwan", "TD": "tchad",
    "TG": "togo", "TN": "tunisie", "TR": "turquie", "UA": "ukraine", "UY": "uruguay",
    "VE": "venezuela", "VN": "vietnam|viet nam|viet-nam", "DD": "republique democratique allemande|rda",
    "AF": "afghanistan", "ZA": "afrique du sud", "AL": "albanie", "AD": "andorre", "AO": "angola",
    "SA": "arabie saoudite", "BH": "bahrein", "BD": "bangladesh", "BT": "bhoutan",
    "MM": "birmanie|myanmar", "BW": "botswana", "BN": "brunei", "BI": "burundi",
    "CV": "cap-vert|cabo verde", "CF": "republique centrafricaine|centrafrique",
    "KP": "coree du nord", "CD": "republique democratique du congo", "DJ": "djibouti",
    "DO": "republique dominicaine", "ER": "erythree", "SZ": "eswatini|swaziland", "FJ": "fidji",
    "GM": "gambie", "GW": "guinee-bissau", "GQ": "guinee equatoriale", "GY": "guyana",
    "JM": "jamaique", "KG": "kirghizistan|kirghizie", "XK": "kosovo", "KW": "koweit",
    "LS": "lesotho", "LR": "liberia", "LY": "libye", "LI": "liechtenstein",
    "MK": "macedoine du nord|macedoine", "MY": "malaisie", "MW": "malawi", "MV": "maldives",
    "MZ": "mozambique", "NA": "namibie", "OM": "sultanat d'oman", "UG": "ouganda",
    "UZ": "ouzbekistan", "PG": "papouasie-nouvelle-guinee", "QA": "qatar", "SM": "saint-marin",
    "SV": "salvador|el salvador", "ST": "sao tome-et-principe", "SC": "seychelles",
    "SL": "sierra leone", "SO": "somalie", "SS": "soudan du sud", "SD": "soudan",
    "LK": "sri lanka", "SR": "suriname", "TJ": "tadjikistan", "TZ": "tanzanie", "TH": "thailande",
    "TL": "timor oriental|timor-leste", "TT": "trinite-et-tobago", "TM": "turkmenistan",
    "VU": "vanuatu", "VA": "vatican|saint-siege", "YE": "yemen", "ZM": "zambie", "ZW": "zimbabwe",
    "CS": "tchecoslovaquie", "YU": "yougoslavie", "SU": "urss|union sovietique",
}  # fmt: skip
_NAMES: Final = {name: code for code, names in _CODES.items() for name in names.split("|")}
_COUNTRY: Final = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)) + r")\b"
)


# What stands in brackets behind a French town: its department or region.
_FRENCH: Final = (
    "ain|aisne|allier|alpes|alsace|aquitaine|ardeche|ardennes|ariege|aube|aude|auvergne|aveyron|bas-rhin|bouches-du-rhone|bourgogne|bretagne"
    "|calvados|cantal|centre|champagne|charente|charente-maritime|cher|correze|corse|cote-d'or|cotes-d'armor|creuse|deux-sevres|dordogne|doubs|drome"
    "|essonne|eure|eure-et-loir|finistere|franche-comte|gard|gers|gironde|grand est|guadeloupe|guyane|haute?s?-[a-z-]+|hauts-de-[a-z]+|herault"
    "|ile-de-france|ille-et-vilaine|indre|indre-et-loire|isere|jura|landes|languedoc|limousin|loir-et-cher|loire|loire-atlantique|loiret|lorraine|lot"
    "|lot-et-garonne|lozere|maine-et-loire|manche|marne|martinique|mayenne|mayotte|meurthe-et-moselle|meuse|morbihan|moselle|nievre|nord|normandie"
    "|nouvelle-aquitaine|occitanie|oise|orne|paris|pas-de-calais|pays de la loire|picardie|poitou|provence[a-z' -]*|puy-de-dome|pyrenees[a-z-]*|rhone"
    "|reunion|saone-et-loire|sarthe|savoie|seine[a-z-]*|somme|tarn|tarn-et-garonne|territoire de belfort|val-d'oise|val-de-marne|var|vaucluse|vendee"
    "|vienne|vosges|yonne|yvelines"
)
_IN_FRANCE: Final = re.compile(rf"(?:la |le |les |l')?(?:(?:{_FRENCH})|\d{{2,5}}|2[ab])(?:, .*)?")


def in_france(words: str) -> bool:
    """Return True when `words` are a French department, region or its number."""
    return _IN_FRANCE.fullmatch(fold(words).text.strip()) is not None


def country_of(words: str) -> str | None:
    """Return the code of the last country that `words` name: « Québec, Canada » is CA."""
    codes = [_NAMES[m.group()] for m in _COUNTRY.finditer(fold(words).text)]
    return codes[-1] if codes else None


def named_countries(folded: str) -> set[str]:
    """Return the codes of every country named in a folded text."""
    return {_NAMES[m.group()] for m in _COUNTRY.finditer(folded)}
