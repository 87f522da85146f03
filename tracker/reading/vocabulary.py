"""The words that the mending of scans may restore: those the rules look for, in folded form.

A scan that cuts one of them in two is mended, any other word is left alone.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
accepte acceptee accord accordee accordees accordent accordes accords accuse acheve acompte
acomptes activite activites adhesion adoptee adressant adresse adressee adresser affichage
affichee agent agents alternativement amendement amiable an annee annees annexe anniversaire
anniversaires annuel annuelle annuellement annuelles annuels annuite annuites ans aout
applicable applicables approbation approuve approuvee archives arrangement arrive arrivera
article articles association associations assortie assurance assurances attribue attribuee
attribues attribution automatique automatiquement autorise avance avant avec avenant avenants
avertir avis aviser avril bail bibliotheque biennale bilan bilans budget budgetaire bureau
cadre caduque cent cesse cesser cessera cesseront chacun chacune chaque charge charte chiffres
civile classe classer clause clauses collaboration collectivite collectivites comite comites
commence commencer commission commissions committee communaute commune communes communique
compte compter comptes conclu conclue conclues conclus condition conditions confidentialite
conge conjoint conseil consenti consentie consentis conserve conservees conserves continue
continuera contractante contractantes contrat contrats controle convention conventions convenu
convenue conviennent convoque convoquee cooperation courant courante courir courrier cours
court couvre couvrira culturel culturelle date dater debut debute decembre decide decidee
decompte definitif definitive delai delais deliberation deliberations delivre demande demarre
demeure demeurera denonce denoncee denoncees denoncer denonces denonciation denonciations
departement depasser depose deposee depot desire deux disposition documents donnees dossiers
dresse durant duree durees durera echange echeance echeances echeancier ecrit ecrite effectifs
effective effectuee effet effets electronique employeur engagement engagent entente entre
entree entrent entrera envoyee equipement equipements equivalente essai etabli etablie
etablissement etat etats evaluation evaluations evalue evaluee evaluees evaluera evalueront
excedant excede exceder executoire exercice expiration expire exposition expres expresse
expressement extrajudiciaire facture fevrier fin final finale financier financiere financieres
financiers fonctionnement formalite formalites franc frequentation gestion habilite
hebdomadaire huissier identique identiques illimitee immediatement indefinie indefiniment
indemnite indeterminee indicateurs individuelles inexecution inferieure informe informer
infructueuse initial initiale interesse intermediaire janvier jour jours juillet juin jumelage
justificatives laquelle lequel lettre lettres liberte limitation limite limitee litiges locaux
maire majorite mandat mandate manquement mars maximale maximum meme memes mensuel mensuelle
mensuellement mensuelles mensuels metropole minimale minimum modification mois moral moyen
moyennant municipal municipale municipaux naissance notification notifie notifiee nouveau
nouvel nouvelle nouvelles novembre objectifs obligation obligations obligatoire occupation
octobre oppose opposition paiement par partenaire partenaires partenariat partie parties
penalite penalites pendant period periode periodes perpetue perpetuite pieces pilotage pilote
pluriannuel pluriannuelle police postal pour pourcentage poursuit poursuivra pouvoir prealable
preavis precede prefecture prefet premier premiere prend prendra present presentation presente
presentes prestation presume prevenant prevenir previent produit prolongation prolonge
prolongee prorogation proroge prorogee protocole publication publie publiee publique
quadriennale quatre quinquennale quinzaine quitter rapport rapports rassemble recapitulatif
reception recommande recommandee reconductible reconductibles reconduction reconductions
reconduire reconduit reconduite reconduites recrute recrutement region releve remet remis
remise rencontrent rencontrer renonce renoncer renouvelable renouvelables renouvele renouvelee
renouveler renouvellement renouvellera repart representant representants represente
representee resiliation resilie resiliee resilier respect respectivement restant restants
restee restera restitution resulte retirer retrait retrouvent reunie reunies reunion reunira
reunis reunissent reunit rompue saison sans scolaire seance seances secret semaine semaines
semestre semestres semestriel semestrielle semestriellement semestrielles semestriels
septembre siege siegent signataire signataires signature signatures signe signee silence solde
sommation souhaitant souhaite souscrit souscrite soussignes sportif sportive stage stages
sterilisation subvention subventions successive successives suivant suivante suivi superieure
supplementaire supplementaires survit tableau tacite tacitement technique terme termes termine
tiers totale toujours tout toute toutes transmet transmis transmise transmission travail
tribunal triennal triennale trimestre trimestres trimestriel trimestrielle trimestriellement
trimestrielles trimestriels trois unanimite universitaire universite utilisation valable
valide validite fois partout chacune laquelle lesquelles celui celle duquel reunit siege conventions contrats
dument represente autorise moyenne accomplissement souscrits prolonge etendue
abonnement acces accorde achevement acquis acte action actions administratif adopte aide ainsi alors
amitie annulation appelee application applique appose apres arretent arrivee artiste assemblee
assemblees assure aucun aucune auparavant aura aussi automne autorisation autre autres avertissant
avise avoir beneficiaire beneficie besoin bout caractere certifies cette cinq cites cles cloture
club commandement commenceront commun communal compagnie concession conclusion concordante
concordantes concours conduite conjointe conjointement connaitre consecutives conseils considerant
contractuelle contraire contre contribution coordinateur coordination cotisation cout culture dans
debloquee decentralisee decision defaut delivree demandee demander demarrage depart depenses depuis
dernier derniere desengager determinee devient devra dispose dispositif dissolution doit doivent
donnant donne donner donnera dont douze dressent droit dure echangees echanges ecole ecoulee
effectue egale eleves eligibles elle elles elus enfants engage engagements ensemble ensuite entend
entieres entrees epoque etablissements etant etape eteint etre euros eventuelle examen execution
exemplaires exercices exprimee faire fait faute ferme fixe fixee font formation forme fournit frais
france garantie garantit general generale gestionnaire globale groupe habitants hauteur huit inclus
informations initiative institue intention intercommunale interet intervenir interviendra intervient
issue jardinier jardins jouissance jusqu justificatifs justifie legalite lesquels leur leurs liberee
libre lieu lieux livraison longtemps loyer lrar madame maires mandatee maniere manifestation marche
marque materiel membre membres menee mettre mise mixte moins moitie moment montant motif moyens
musique mutualisation mutuellement neuf noue objet occupant oeuvre office organise organisee
parcelle parcours paritaire part partage participation partir passe passee peut peuvent plein
pluricommunale plus point porte possible pourra pouvant preambule precedent preneur president
presidente pret prete prevenance prevu prevue printemps prise prix procedent production produire
programme projet prononce proprietaire prorogeable public puis puisse quarante quarts quinze raison
realisation recoit recours recu recue redevance referents regions regle reglee rencontre rend rendu
rendus renouvellements repas reponse reprendre reseau reservation reserve residence respectant
respecter reste restent restitue resultats retard retroactivement reuni reunions revise salle sauf
saurait savoir scolaires sera serment seront service services seul seule signalee signifie simple
soit soixante sont sortir sous soutien soutient stade subordonne subordonnee suit tacites tard taux
temps tenue terrain tiennent tient titre titulaire tous traite tranches travaux trente vaut vehicule
vingt voie volonte vote verse versee versement versements vigueur ville villes
"""
_STEMS: Final = (
    "renouvel reconduct denonc resili notifi evalu prorog prolong deliber sign approuv adress transmett "
    "present vers conclu consent souscri"
)
_ENDINGS: Final = (
    "e ee es ees er era eront ent ant ation ations able ables ement lement ible ibles ion ions le lera s "
    "te t ature iation iations"
)
VOCABULARY: Final = frozenset(_WORDS.split()) | {
    stem + ending for stem in _STEMS.split() for ending in _ENDINGS.split()
}
