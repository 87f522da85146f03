"""The words by which a sentence tells what it speaks about: the agreement, or something else.

Patterns over the marked text only; `tracker.reading.outline` asks them.
"""

from __future__ import annotations

import re
from typing import Final

# « jusqu'à l'exécution du marché, celui-ci étant conclu pour trois ans »: the last thing named.
LATTER: Final = re.compile(
    r", (?:celui-ci|celle-ci|ceux-ci|celles-ci|ce dernier|cette derniere)\b|, (?:lui|elle)-meme\b"
)

# Under « Durée », « l'agent est prêté pour six mois » is what the agreement is about.
LENT: Final = re.compile(
    r"[a-z' -]{0,30}? (?:est|sont|sera|seront) (?:ainsi )?(?:mise?s? a (?:la )?disposition|pretee?s?|affectee?s?|confiee?s?|remise?s?)\b"
)

FINITE: Final = re.compile(
    r" (?:ne |n'|se |s'|y |en )?(?:est|sont|sera|seront|soit|soient|ont|aura|auront|peut|peuvent|pourra|pourront|doit|doivent|devra|devront|prend|prendra|prennent"
    r"|entre en|entrera|reste|restera|demeure|demeurera|vaut|vaudra|court|courra|dure|durera|expire|expirera|cesse|cessera|commence|commencera|debute|debutera|produit|produira"
    r"|couvre|couvrira|lie|liera|engage|arrive|arrivera|vient|viendra|fera|renouvelle|renouvellera|acheve|achevera|etend|etendra|termine|terminera|poursuit|poursuivra|prolonge|reconduit"
    r"|applique|appliquera|a (?:une duree|ete|effet|vocation|cours|pour duree)|n'a)\b"
)

INSERTION: Final = re.compile(
    r"(?:, (?:qui|que|dont|ou|laquelle|lequel|[a-z]+ (?:laquelle|lequel|lesquels|lesquelles)|auquel|signee?|etablie?|passee?|conclue?|approuvee?|annexee?|adoptee?|relative?|concernant|portant"
    r"|y compris|ci-apres|dite?|denommee?|prise?|redigee?|instituee?)\b[^;]{2,160}?,(?= )|\([^()]{0,120}\))"
)

COMPLEMENT: Final = re.compile(
    r"\b(?:de|du|des|d'|a|au|aux|pour|avec|par|sur|en|sans|et|ou|chez|entre|leurs|ses) ?(?:la |le |l'|les |une |un |ses |leurs? |son |sa )?$"
)

GRANTED: Final = re.compile(
    r"(?:la |le |l'|les |un |une |cette |cet |ce )(?!bail)[^;:<]{3,110}? (?:est|sont|sera|seront|a ete) (?:ainsi |[a-z]+ment )?"
    r"(?:conclue?s?|consentie?s?|convenue?s?|souscrite?s?|concedee?s?|confiee?s?|acquise?s?|acceptee?s?|louee?s?|affermee?s?|agreee?s?|constituee?s?|instituee?s?|passee?s?)\b"
    # A body or a plan that the parties set up lives as long as what sets it up.
    r"|(?:la |le |l'|un |une |ce |cette )(?:groupement|syndicat|entente|association|societe|regie|reseau|union|federation|projet|plan|programme|dispositif|label|titre"
    r"|cooperation|alliance|consortium|service|equipe|coordination|plateforme|observatoire|schema|contrat|cadre|fonds|distinction|marque|soutien|concours|patronage)\b"
    r"[^;:<]{0,90}? (?:est|sera|a ete) (?:ainsi |[a-z]+ment )?(?:etabli|constitue|cree|institue|instaure|forme|attribue|decerne|octroye|accorde|delivre|arrete|adopte|approuve|mise? en place|mise? en oeuvre|reconnu|ouvert|conclu)e?s?\b"
)

PREDICATE: Final = re.compile(
    r" (?:est|sont|sera|seront) (?:[a-z]+ ){0,2}?(?:conclu|consenti|etabli|passe|souscri|signe|valable|renouvel|reconduit|prorog|prolong|denonc|resili)"
    r"|(?:rest|demeur)[a-z]* en vigueur| prend(?:ra)? (?:effet|fin)|entre(?:ra)? en vigueur| (?:peut|pourra|peuvent|pourront) etre (?:denonc|resili|renouvel|reconduit|prorog|prolong)"
    r"| (?:durera|dure|vaudra|courra|s'achevera|expirera|prendra naissance)\b"
)

# « La présente convention est… », « dénoncer le présent accord »: nothing else is meant.
PRESENT: Final = re.compile(
    r"(?:\A|[,.;] )(?:la|le) presente? (?:convention|accord|contrat|protocole|arrangement|traite|charte|entente)[^;,]{0,60} "
    r"(?:est|sera|peut|pourra|reste|restera|demeure|demeurera|prend|prendra|entre|entrera|aura|a|vaut)\b"
    r"|(?:denoncer|resilier|renouveler|reconduire|proroger) (?:la|le) presente? "
    r"|(?:reconduisent|renouvellent|prorogent|prolongent|denoncent|denonce|resilient|resilie|rompre|denoncer|resilier)(?: [a-z]+ment)? (?:leur|la|cette|le|cet|l') ?(?:presente? )?(?:convention|accord|contrat|partenariat|protocole|charte)\b"
)

CLAUSE: Final = re.compile(r"\b(?:dont|qui|lequel|laquelle|lesquels|lesquelles|que|ou)\b|[;:]")

_KINDS: Final = (
    r"document contractuel|conventions?(?:-cadres?)?|accords?(?:-cadres?)?|contrats?(?:-cadres?)?|protocoles?|chartes?|feuilles? de route|memorandums?|commodat|emphyteoses?|mecenat|parrainages?|groupements? de commandes|pret a usage"
    r"|conventionnements?|pactes?|traites?|arrangements?|ententes?|partenariats?|jumelages?|concessions?|avenants?"
)

AGREEMENT_RE: Final = re.compile(
    rf"\b(?:{_KINDS}|presents? (?:acte|bail|engagement|document|serment|texte|cahier)s?|serment|promesse|(?:parties|communes|villes|collectivites) contractent|mettent en commun|la cooperation (?=(?:entre [a-z' ]{3, 40} )?(?:est|sera) )"
    r"|(?<=le )present (?:abonnement|marche|pret|depot|reglement|programme|plan)|(?<=la )presente (?:autorisation|permission|concession|licence|location|garantie)"
    r"|cette (?:permission|tolerance|facilite)|cette autorisation(?=,? (?:[a-z]+ )?(?:pourra|peut|est|sera|vous|prend|vaut|reste))|la presente(?! (?:deliberation|loi|annexe|clause))|(?:les|leurs) relations (?=entre|de jumelage|d'amitie|contractuelles|conventionnelles)|(?:constituent|creent|forment|instituent|fondent)(?: entre [a-z]+)? une? (?:groupement|syndicat|entente|association|societe|fonds|reseau|union)|les presentes|presentes (?:stipulations|dispositions|clauses|conditions)"
    r"|adhesion (?:de la (?:commune|ville|collectivite|metropole)|au (?:reseau|syndicat)"
    r"|a l'association)|l'adhesion est|(?:la )?collaboration|(?:leur|leurs|notre) (?:cooperation|association|alliance|engagement|union|relations|action commune|soutien)|duree du depot|lien|bail (?:emphyteotique|a construction)|(?:son|leur|sa|cette) adhesion(?! des)|jouissance|dispositif (?:partenarial|conventionnel)|service (?:commun|mutualise)(?= (?:est|sera|a ete|fonctionne|aura|cesse))"
    r"|(?:delegataire|concessionnaire|fermier|exploitant|gestionnaire|preneur|locataire|occupant|emphyteote) (?:exploite|occupe|gere|jouit|jouira|prend|loue|assure)(?:ra)?(?= [^.;<]{0,60}(?:pour|pendant|durant) )"
    r"|(?:commune|ville|metropole|communaute|proprietaire|bailleur|preteur) (?:concede|loue|prete)(?:ra)?(?= [^.;<]{0,60}(?:salle|local|locaux|terrain|batiment|immeuble|parcelle|jouissance|usage|logement))"
    r"|mises? a disposition (?:des? |du |de la |d'un |d'une |de l')"
    r"(?:locaux|local|salles?|equipements?|terrains?|parcelles?|biens?|batiments?|immeubles?|lieux)"
    r"|(?:parcelle|terrain|local|locaux|salle|logement|emplacement|jardin|batiment|immeuble)s? (?:n° ?\d+ |[a-z]+ ){0,2}"
    r"(?:est|sont|sera|seront) (?:concede|attribue|confie|loue|donne|affecte|prete|laisse|cede)e?s?"
    r"|(?:mis|mise|mises|met|mettent|remis|laissee?s?)(?: [a-z]+ment)?(?: (?:le|la|les|un|une|des|ses|son|sa) [a-z' -]{3,40}?)? a (?:la |sa |leur )?disposition"
    r"|prets? (?:de |d'|du )(?:la |l'|cette )?(?:salle|locaux|local|terrain|equipement)|pret a usage|mises? en commun(?: (?:des agents|du personnel|des personnels|des moyens))?|mutualisation|occupation|habilitation|autorisations? (?:d'(?:occuper|exploiter|utiliser|usage|exploitation|utilisation)|de voirie|de stationnement)|mandat de gestion|permission de (?:voirie|stationnement)|gerance|amodiation|(?:la|cette|presente) location (?=d)|(?:l'|cet )usage (?=d[eu] (?:la |l')?(?:salle|gymnase|local|terrain|batiment|parcelle|equipement|stade|piscine|locaux))|affermage|delegation de service|(?:soutien|concours|appui) de la (?:ville|commune|metropole)|(?:cet|notre|leur) (?:appui|soutien|concours)|(?:s'engage|s'oblige|se lie)(?: [a-z]+ment)? (?:pour|sur|pendant|durant)(?= (?:une? (?:duree|periode)|<p))|(?:les|leurs|ces|nos) engagements|engagements? (?:de la|du|de l'|des|mutuels?|reciproques?|souscrits?|pris)"
    r"|(?:s'engagent|se lient|s'obligent|s'unissent|s'associent|s'allient|signent|contractent|cooperent|collaborent|se sont (?:liee?s|engagee?s))(?: [a-z]+ment)? (?:pour|sur|pendant)"
    r"|(?:s'accordent|se sont accordee?s|conviennent|sont convenue?s?|ont (?:arrete|fixe|retenu|convenu|choisi)) (?:sur |d')?(?:une|la) duree)\b"
)

# What has a duration, a renewal or a notice of its own. One line per family of traps.
OTHER_RE: Final = re.compile(
    r"\b(?:"
    # insurance, work, goods, leases and other contracts
    r"contrats? (?:d'assurances?|de travail|a duree (?:in)?determinee|d'entretien|de maintenance"
    r"|de pret|d'abonnement|doctoral|d'apprentissage|de professionnalisation|aides?|d'exploitation"
    r"|de location|de fourniture|de concession de licence|quinquennal"
    r"|d'objectifs de l'etablissement|de bail)|par contrat|sous contrats?|dont le contrat"
    r"|contrats? (?:de l'|du |de la |d'une? )(?:animateur|animatrice|gardien|professeur|enseignant|direct|jardinier|mediateur|regisseur|artiste|intervenant|educateur|prestataire|fournisseur|titulaire|cession)[a-z]*"
    r"|conventions (?:particulieres|specifiques|subsequentes|individuelles|annuelles d'execution|d'application|d'execution)"
    r"|polices?(?! municipale| intercommunale)|assurances?|cdd|cdi|autres? contrats?|marches?"
    r"|acte distinct|conventions? (?:anterieures?|precedentes?|collectives? (?:applicable|nationale|de branche|dont))|(?:son|leurs?|ses) contrats?"
    r"|(?:precedente?|premiere|ancienne) (?:convention|accord|contrat|charte)"
    r"|par (?:bail|convention|contrat)|par acte (?:distinct|separe|notarie|du)|baux anterieurs"
    r"|(?:pacte|protocole|charte|accord|convention|traite)[^.;,]{0,60} (?:signee?|conclue?) "
    r"(?:a [a-z' -]{2,30} )?(?:le|en) (?:<d\d+>|\d{4})"
    r"|(?:accords-cadres|contrats|conventions|baux|marches) (?:passe|conclu|sign|souscri|subsequent)[a-z]*"
    r"|concessions? (?:funeraires?|cinquantenaires?|trentenaires?|perpetuelles?|centenaires?|de cimetiere)|concessions temporaires|sepultures?|columbarium|cavurnes?"
    # people and bodies
    r"|(?<!recoit )(?<!donne )mandats?(?! de gestion\b)|instruments? (?:de musique|sont|est)|postes?(?= (?:est|sont|sera)\b)|candidatures?|bureau(?= (?:est|de l'association|du reseau)|,)|presidente?s?(?=[^.;,]{0,50} (?:elue?|nommee?|designee?|en exercice|assure|sieg|est|sont|sera)\b)|presidence|mission(?! (?:est|sera) confiee)|stages?|stagiaires?|sejours?|volontaires?"
    r"|tuteurs?|agents?|salaries?|personnels?|apprentis?|employes?|mediateur|personne engagee|elus? pour"
    r"|sont (?:elus?|nommes?|designes?)|est (?:elue?|nommee?|designee?)|periode d'essai|detachement"
    r"|conservateur (?:assure|sera)|doctorants?|eleves?|etudiants?|enfants?|usagers?|adherents?"
    # things and services
    r"|garanties?|garantis?|garantie?s|abonnements?|abonnes?|cartes?|badges?|tarifs?|prets?(?! (?:de |d'|du )?(?:la |l'|cette )?(?:salle|local|terrain|batiment|immeuble|equipement|a usage))|vehicules?|materiels?"
    r"|meubles|mobilier|chaudiere|(?<!maitrise d')ouvrages?|exposition|jury(?= (?:est|sera|se)\b)|permis|derogations?|attestations?|inscription|oeuvres empruntees|redevance"
    r"|loyers?|prix|avance remboursable|emprunts?|licences?|(?:la|les|une|des|de|leurs?) marques?|enregistrement|brevets?"
    r"|travaux|chantier|festival|manifestations? (?:sportive|culturelle|festive|publique)s?|edition|tournage|spectacles?|montage"
    # records, secrets and procedures
    r"|archives|archivage|dossiers?|pieces|justificatifs|donnees|listes|fiches|registres?|conserves?(?! (?:la|le|sa|son|toute) (?:faculte|droit|possibilite|liberte))"
    r"|conservees?|conserver|secret|confidentialite|survit|survivent|recours|litiges?|differends?"
    r"|delai de (?:prescription|recours|reponse|paiement|peremption)|peremption|modifications?"
    r"|adhesion des|adhesions? (?:individuelles?|coute)|cotisation|carnets"
    r"|(?:la|les|une|cette|ces|des|l') ?(?:primes?|aides?|subventions?) (?:[a-z]+ ){0,3}(?:est|sont|sera|seront|peut|peuvent)|habilitations? individuelles|(?<!cette )autorisations?(?! d'(?:occup|exploit|usage|utilis)| de (?:voirie|stationnement))|reglement interieur"
    r"|propriete intellectuelle|droits? d'(?:auteur|exploitation)|interdiction|non-concurrence"
    r")\b"
)

OBLIQUE: Final = re.compile(
    r"(?:cadre|application|titre|execution|vertu|objet|signature|fin|terme|expiration|echeance"
    r"|annexee?s? a|visee?s? (?:a|par)|prevue?s? (?:a|par|dans)|respect|sens|conditions|notification"
    r"|dispositions|stipulations|vigueur|effet|but|suivi|evaluation) "
    r"(?:de |d'|du |des )?(?:la |le |l'|cette |cet |ce |les )?(?:presente? |meme |dite )?$"
)

# « … fait l'objet de la présente convention, établie pour neuf mois »: it is spoken about after all.
TAKEN_UP: Final = re.compile(
    r"(?: [a-z'-]+){0,6}?, (?:qui est )?(?:conclue?|etablie?|passee?|souscrite?|consentie?|signee?|valable|d'une duree)\b"
    r"|, (?:qui|lequel|laquelle) (?:vaut|court|est|sera|prend|dure|produit|reste)\b"
)

LEASE: Final = re.compile(
    r"\b(?:le|ce|present|dit) bail\b(?! commercial| voisin| anterieur| principal| initial)|\bl'abonnement\b|\ble marche\b"
)

HIRING: Final = re.compile(r"(?:periode|duree) d(?:e l'|')essai|contrat de travail")

NOT_HIRING: Final = re.compile(
    r"\b(?:conventions?|accords?|protocoles?|chartes?|partenariats?)\b(?! collecti)"
)

SOLE: Final = re.compile(
    r" bail|\ble marche (?:est (?:conclu|passe|signe|reconduct|attribue|notifie)|prend effet|a une duree|pourra etre reconduit|peut etre reconduit|commence|court|debute)|\bl'abonnement (?:se renouvel|est (?:souscrit|reconduit))|\bl'abonnement, (?:qui est )?souscrit"
)

NOT_LEASE: Final = re.compile(
    r"\b(?:conventions?|accords?|contrats?|protocoles?|chartes?|jumelages?|partenariats?|deliberations?)\b"
)

DEMONSTRATIVE: Final = re.compile(r"(?:\bce |\bcet |\bcette |\bces )$")

ANAPHORA: Final = re.compile(
    r"[ \n\f\t\"-]*(?:\(?[0-9ivx]+[.)°]+ ?-? ?)?(?:l'une ou l'autre|elles?\b|ils?\b|celles?-ci|celui-ci|ceux-ci"
    r"|cette\b|ce\b|cet\b|ces\b|cesdite|ladite|ledit|sa\b|son\b|leur\b|y\b|en\b|toutefois|neanmoins|a l'issue|au-dela"
    r"|a son|a leur|au terme|chaque|chacun|toute|le renouvellement|la reconduction|sauf|a defaut"
    r"|la denonciation|la resiliation|le preavis|la duree|en cas|si\b|s'il|l'une|cependant)"
)

# What opens a provision of its own, and what has neither notice nor renewal: « Le loyer est
# révisé chaque année. Le préavis est de trois mois. »
DISCOURSE: Final = re.compile(
    r"toutefois|neanmoins|cependant|a l'issue|au-dela|au terme|chaque|chacune?|toute|le renouvellement|la reconduction|sauf|a defaut"
    r"|la denonciation|la resiliation|le preavis|la duree|en cas|si\b|s'il|l'une"
)

IDLE: Final = re.compile(
    r"(?:loyers?|prix|travaux|tarifs?|redevance|cotisation|pieces|justificatifs|dossiers?|donnees|listes|fiches|materiels?|vehicules?|meubles|mobilier|archives|registres?|recours|litiges?|differends?"
    r"|modifications?|secret|carnets|propriete intellectuelle|droits d'auteur|reglement interieur|chantier|ouvrages?|cartes?|badges?)\b"
)

PRONOUN: Final = re.compile(
    r"[ \n\f\t\"-]*(?:\(?[0-9ivx]+[.)°]+ ?-? ?)?"
    r"(?:(?P<she>elles?|celles?-ci)|(?P<he>ils?|celui-ci|ceux-ci)"
    r"|(?:durant|pendant|au cours de|dans) (?:cette|ce) (?:periode|delai|duree|temps))\b"
)

FEMININE: Final = re.compile(
    r"convention|charte|entente|concession|mise|adhesion|occupation|habilitation|promesse|feuille|autorisation|permission|licence|location|garantie|collaboration|cooperation|jouissance|tolerance|facilite|la presente"
)

# « La convention relative au prêt du matériel »: what it is about is part of its name.
ASIDE: Final = re.compile(
    r"\ben commun (?:de |des |du |leurs? |les |d'|certains )*$|\bsans (?:que|qu'|prejudice|indemnite|incidence|effet sur)[^,;:]*$"
)

OF_ITS_NAME: Final = re.compile(
    r"\b(?:conventions?|accords?|protocoles?|chartes?|avenants?)(?:-cadres?)?(?: [a-z-]+)?"
    r"(?:(?: relative?s? (?:a|au|aux)| portant (?:sur)?| de| d'| du| des| pour| concernant| sur)[ ]?(?:(?:la|le|les|l'|un|une|mise a disposition|de|d'|du|des)[ ]?){0,4}"
    r"(?!anterieur|precedent)(?:[a-z-]+(?: (?:et|de|du|des) | d'))?){1,2}$"
)

APPOSED: Final = re.compile(
    r"(?:art[a-z.]* \d+[^a-z]*)?(?:conclue?s?|passee?s?|souscrite?s?|signee?s?|etablie?s?|consentie?s?"
    r"|d'une duree|valable|prevue?s?|pour|pendant|durant|a defaut|sauf|a moins|au terme|a l'issue"
    r"|moyennant|sous reserve|sans prejudice)\b"
)

PARTIES: Final = re.compile(
    r"(?:les|chacune des|l'une des|nos|nous,?) ?(?:deux |trois )?(?:parties|signataires|partenaires|contractants|cocontractants|villes|communes|collectivites) (?:[a-z]+ )?(?:s'accordent|conviennent|fixent|arretent|s'engagent|decident|se donnent|retiennent|stipulent|prevoient|choisissent|se lient|adoptent)\b"
    r"|[^;:,<]{4,90} (?:conviennent|s'accordent|decident) (?:de |d'|que |pour |sur )"
)

NOUN_FIRST: Final = re.compile(r"[ \n\f\t\"-]*(?:l'|la |le |les |un |une |des |chaque |tout)")

TERM_HEADING: Final = re.compile(
    r"duree|renouvel|reconduc|denonc|resili|prise d'effet|entree en vigueur|\beffet|terme\b|echeance"
    r"|prolong|prorog|fin anticipee|validite"
)

# « Une étude est commandée. Elle dure deux mois »: a thing that the text has just brought in.
INDEFINITE: Final = re.compile(r"une? (?!des parties|ou )[a-z]+ ")

PREDICATIVE: Final = re.compile(r"\b(?:est|sont|sera|seront|demeurent|restent|etre) $")

PLURAL: Final = re.compile(r"\b(?:les|des|ses|leurs|ces|aux) $")

DETERMINED: Final = re.compile(r"(?P<f>\b(?:la|une|cette|sa) )$|(?P<m>\b(?:le|un|ce|son|du) )$")

# « Dans l'intérêt des usagers, la convention est conclue »: why and how, not what is spoken about.
ADVERBIAL: Final = re.compile(
    r"(?:dans l'interet|au vu|compte tenu|sous reserve|sans prejudice|pour tenir compte|afin d|en application|conformement|dans le cadre|en vue|en contrepartie|outre|independamment|nonobstant|eu egard|en raison"
    r"|par derogation|a la demande|sur (?:la )?proposition|apres avis|avec l'accord|selon|suivant|par souci|grace|en consideration|soucieu|a l'appui|sur la base|en accord|pour permettre|pour favoriser|par suite)\b[^;:]{0,160}?, "
    r"(?=(?:la|le|l'|les|elles?|ils?|chaque|chacune?|l'une|cette|ce|cet|une?|toute?|nul|aucune?|en cas|sauf|a defaut|y|conclue?|en cas|deux|trois|au)\b)"
)

# Any words before the subject: what the main clause speaks about begins after them.
LEADING: Final = re.compile(
    r"(?:dans|pour|en|au|aux|a|lors|afin|sous|sans|apres|avant|durant|pendant|outre|selon|par|compte tenu|conformement|nonobstant|sur|toutefois|neanmoins|par ailleurs|enfin|ainsi|de plus|de meme|cependant)\b[^;:]{0,160}?, "
    r"(?=(?:la |le |l'|les |une? |des |chaque |tout)(?!une des|autre))"
)

OPENING: Final = re.compile(
    r"[ \n\f\t\"-]*(?:pour|dans|en|au|aux|a|lors|afin|sous|sans|apres|avant|durant|pendant|outre|selon|par) [^;]{0,160}?, "
    r"(?=(?:la |le |l'|cette |ce |cet |ladite |ledit )(?:presente? )?(?:convention|accord|contrat|protocole|charte|partenariat))"
    r"|[^;:<]{0,120}: (?=(?:la|le|cette|l') ?(?:presente? )?(?:convention|accord|contrat|protocole|charte|partenariat))"
)

CONDITION: Final = re.compile(
    r".{12}\b(?:tant qu|lorsqu|pourvu qu|a condition|sous reserve|a moins|au vu d|par (?:courrier|lettre|pli|recommande)[^;]{0,30} (?:a|au|aux) )"
)

BINDS: Final = re.compile(
    r"(?:les? |l'|chaque |tout |un )(?:usagers?|adherents?|abonnes?|agents?|volontaires?|presidents?|etudiants?) [^,;<]{0,40}?(?:souscri[a-z]+|adher[a-z]+|sign[a-z]+|accept[a-z]+|s'engage[a-z]*|conclu[a-z]*)(?: (?:a|aux?|la|le|les|l'|de))*[ ]?"
)

# Subjects that are never the agreement and that no other rule needs to know as such: « La taxe est
# perçue pour trois ans », « L'enquête est prolongée d'un mois ».
STRANGE_SUBJECT: Final = re.compile(
    r"(?:l[ea]s? |l'|une? |des |cette |cet? |ces |chaque |toute? |nos |notre |son |sa |ses |leurs? )"
    r"(?:aides?|primes?|bourses?|taxes?|impots?|indemnites?|cautions?|depots? de garantie|subventions?|enquetes?|consultations?|concertations?|etudes?|diagnostics?|audits?|phases?"
    r"|chantiers?|fouilles?|campagnes? (?:de fouilles|d'affichage|de communication)|fermetures?|circulation|interdictions?|arretes?|decrets?|reglements? interieurs?|classements?"
    r"|concours(?! d(?:e la|e l'|u) ?(?:ville|commune|departement|region|etat|metropole))|appels? (?:a projets?|d'offres?|a candidatures?)|offres?|candidatures?|devis|factures?|sessions?|cycles?|ateliers?|cours\b|formations?"
    r"|spectacles?|tournees?|collections?|residences? d'artistes?|residences? de creation|postes?|emplois?|recrutements?|conges?|vacances|elections?|scrutins?|permanences?|visites?|sites? (?:internet|web)|portails?"
    r"|bulletins?|journa(?:l|ux)|lignes? de tresorerie|plans? de financement|budgets?|degrevements?|exonerations?|abattements?|amortissements?|declarations?|comites?|commissions?|jurys?|bureau|conseils? d'administration|maire\b|avis|decisions?|panneaux|public|materiels?|equipements?|mobiliers?|membres|billetteries?|travaux|reparations?|loyers?|redevances?|tarifs?)\b"
)
