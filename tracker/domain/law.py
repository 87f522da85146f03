"""The texts that back a rule, as data: next year's change is one edit here.

`in_force_from` is the day from which the product applies the text; None where it always did as far
as a convention can be old. The tool warns, it gives no legal advice: each sentence that names a
text lets the reader open it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.dates import Period

_ART_641 = (
    "https://www.doctrine.fr/l/texts/codes/LEGITEXT000006070716/articles/LEGIARTI000006411002"
)
_DURATION_OF_CONTRACTS = "https://jcl06.fr/la-duree-du-contrat/"


@dataclass(frozen=True, slots=True, kw_only=True)
class LawReference:
    """A text: how it is cited in French, in English, where it can be read."""

    cite: str
    cite_en: str
    url: str
    in_force_from: date | None = None


LAW: dict[str, LawReference] = {
    "cpc-641": LawReference(
        cite="CPC, art. 641",
        cite_en="Code of Civil Procedure, art. 641",
        url=_ART_641,
    ),
    "term-eve": LawReference(
        cite="Cass. 3e civ., 8 mars 2018, n° 17-11.312",
        cite_en="Cour de cassation, 3rd civil chamber, 8 March 2018, no. 17-11.312",
        url="https://app.livv.eu/decisions/LawLex202200002918JBJ",
    ),
    "notice-receipt": LawReference(
        cite="CPC, art. 669",
        cite_en="Code of Civil Procedure, art. 669",
        url="https://www.onb-france.com/actualites/donne-conge-par-lettre-rec-ar-risque-et-precaution",
    ),
    "cciv-1210": LawReference(
        cite="C. civ., art. 1210",
        cite_en="Civil Code, art. 1210",
        url=_DURATION_OF_CONTRACTS,
        in_force_from=date(2016, 10, 1),
    ),
    "cciv-1211": LawReference(
        cite="C. civ., art. 1211",
        cite_en="Civil Code, art. 1211",
        url=_DURATION_OF_CONTRACTS,
        in_force_from=date(2016, 10, 1),
    ),
    "cciv-1212": LawReference(
        cite="C. civ., art. 1212",
        cite_en="Civil Code, art. 1212",
        url=_DURATION_OF_CONTRACTS,
        in_force_from=date(2016, 10, 1),
    ),
    "cciv-1213": LawReference(
        cite="C. civ., art. 1213",
        cite_en="Civil Code, art. 1213",
        url=_DURATION_OF_CONTRACTS,
        in_force_from=date(2016, 10, 1),
    ),
    "cciv-1214": LawReference(
        cite="C. civ., art. 1214",
        cite_en="Civil Code, art. 1214",
        url=_DURATION_OF_CONTRACTS,
        in_force_from=date(2016, 10, 1),
    ),
    "cciv-1215": LawReference(
        cite="C. civ., art. 1215",
        cite_en="Civil Code, art. 1215",
        url=_DURATION_OF_CONTRACTS,
        in_force_from=date(2016, 10, 1),
    ),
    "tacit-indefinite": LawReference(
        cite="Cass. 1re civ., 15 nov. 2005, n° 02-21.366",
        cite_en="Cour de cassation, 1st civil chamber, 15 November 2005, no. 02-21.366",
        url="https://allezassocies.com/articles/cass-civ-1ere-15-novembre-2005",
    ),
    "cgct-executory": LawReference(
        cite="CGCT, art. L2131-1",
        cite_en="Local Authorities Code, art. L2131-1",
        url="https://www.doctrine.fr/l/texts/codes/LEGITEXT000006070633/articles/LEGIARTI000006390075?version=LEGIARTI000044190563",
    ),
    "cgct-sign-after": LawReference(
        cite="CE, avis, 10 juin 1996, n° 176873",
        cite_en="Conseil d’État, opinion, 10 June 1996, no. 176873",
        url="http://www.conseil-etat.fr/fr/arianeweb/CE/analyse/1996-06-10/176873",
    ),
    "cgct-l1115-1": LawReference(
        cite="CGCT, art. L1115-1",
        cite_en="Local Authorities Code, art. L1115-1",
        url="https://www.doctrine.fr/l/texts/codes/LEGITEXT000006070633/articles/LEGIARTI000006389099",
    ),
    "cgct-l1115-6": LawReference(
        cite="CGCT, art. L1115-6",
        cite_en="Local Authorities Code, art. L1115-6",
        url="http://www.affaires-publiques.org/textof/TO/14/8934-1114.htm",
    ),
    "cgct-convocation": LawReference(
        cite="CGCT, art. L2121-10 à L2121-12",
        cite_en="Local Authorities Code, art. L2121-10 to L2121-12",
        url="https://admi.net/code/CGCTERRL-L2121-12.html",
    ),
    "cgct-council": LawReference(
        cite="CGCT, art. L2121-29",
        cite_en="Local Authorities Code, art. L2121-29",
        url="https://www.atd31.fr/fr/base-doc/election/quelles-sont-les-delegations-que-le-maire-recoit-du-conseil-municipal.html",
    ),
    "cgct-list-online": LawReference(
        cite="CGCT, art. L2121-25",
        cite_en="Local Authorities Code, art. L2121-25",
        url="https://www.cdg77.fr/actualite/reforme-de-la-publicite-des-actes-des-collectivites-territoriales/",
    ),
    "subsidy-law": LawReference(
        cite="loi n° 2000-321 du 12 avril 2000, art. 10 ; décret n° 2001-495, art. 1er",
        cite_en="Act 2000-321 of 12 April 2000, art. 10; decree 2001-495, art. 1",
        url="https://institut-isbl.fr/les-mentions-obligatoires-des-conventions-de-subvention-conclues-avec-une-collectivite-territoriale",
    ),
    "subsidy-open-data": LawReference(
        cite="décret n° 2017-779 du 5 mai 2017",
        cite_en="decree 2017-779 of 5 May 2017",
        url="https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000034600552",
        in_force_from=date(2017, 8, 1),
    ),
    "republican-contract": LawReference(
        cite="loi n° 2000-321, art. 10-1 ; décret n° 2021-1947",
        cite_en="Act 2000-321, art. 10-1; decree 2021-1947",
        url="https://airbuech.fr/2024/01",
        in_force_from=date(2022, 1, 2),
    ),
}

# Figures of the rules, each with the text above that carries it.

SUBSIDY_THRESHOLD = Decimal(23000)
"""Euros a year above which a subsidy needs a written convention (subsidy-law)."""

FINANCIAL_REPORT_DELAY = Period(months=6)
"""From the end of the exercise (subsidy-law)."""

OPEN_DATA_DELAY = Period(months=3)
"""From the signature (subsidy-open-data)."""

DECLARATION_DAY = (5, 31)
"""Month and day on which the yearly e-APD window usually closes, for the year before."""

DECLARATION_CLOSED = {2014: (6, 30), 2019: (6, 6)}
"""Years whose window closed on another day: next year's change is one entry here."""

DECLARATION_SINCE = 2013
"""First exercise whose declaration is asked for: that of the first campaign known, in 2014."""

DECLARATION_OPENS = (4, 15)
"""Month and day on which it usually opens."""

# Habits of town halls, no law: configurable one day, named here meanwhile.

SIGNATURE_HABIT = Period(months=3)
"""A voted convention is signed within three months of its vote."""

TRANSMISSION_HABIT = Period(days=15)
"""A signed convention goes to the prefecture within a fortnight."""

ODA_COUNTRIES = frozenset(
    # Least developed, low and middle income countries of the OECD-DAC list of recipients (2024-25)
    "AF AO BD BJ BF BI KH CF TD KM CD DJ ER ET GM GN GW HT KI LA LS LR MG MW ML MR MZ MM NP NE RW "
    "SN SL SB SO SS SD TZ TL TG TV UG YE ZM KP SY BO CM CV CG CI EG SV SZ GH HN IN JO KE KG LB LK "
    "MN MA FM NI NG PK PG PH ST TJ TN UA UZ VU VN ZW PS AL DZ AR AM AZ BY BZ BA BW BR CN CO CR CU "
    "DM DO EC GQ FJ GA GE GD GT GY ID IR IQ JM KZ XK LY MY MV MH MU MX MD ME MS NA NR NU MK PW PA "
    "PY PE RS LC VC WS SH ZA SR TH TK TO TR TM VE WF BT".split()
)
"""Partner countries that call for the yearly declaration (CGCT L1115-6)."""
