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
courriel abatt abattement abonde abonne about abreger abrogee absence absenter accompagne
accompagnement accompli accompliss accueil accueillir achev achevee achever acquitt acquitte
acquittee acquittees adherent adherents adjective adjectives adjointe adjoints administrative
admis adopt adulte adultes affectes afferme affiches after agreement aines ajouter ajuster allant
alone amies amortit animateur animateurs animation animaux annonce annulations annulee antenne
anticipee appartient appele appels apposition approuv appui architecte archivage arrete arretee
arreter arriv asked associatifs associative assortis assuree attache atteign atteint ature
augmente aupres automatiqu avancement averti avertissement ayant bailleur baisse batiment baucune
bavance bdans bdelais before behind benefice beneficiaires benevole benevoles bengagements beside
besoins between bexced bexpres bforme billets bound bounds bpoursuite brecoit bsejour buvette
bvires cabane caisse calcules calendaires calendrier capital caracteristiques carte caserne cause
caution cense centre cessent champ chantier chargee charges chasse choisi choisie cinquante cirque
civiles climat cocontractants cofinancement college commande commandee commandes comme commenc
commencant commencement commencent commencera comment commissaire commodataire communale
communicables communiquee communiquees communiquer competences competition compile compiled
complement complementaires complet comporte compose comprend comprise comprises comptable
comptables comptee concede concertent concluded conclure concordant concurrence conditionne
conference confidentielles confie confiee confondue confondues conges connaissance consecutifs
conservateur conservee considere consideree constantes constat constater constitue consultatif
consultation contes contracte contradictoire conven convenir conventionnel conventionnelle convien
convocation coordinatrice coordonnateur costumes count counterexamples courent courriel courriers
couverte couvrant credite creee creneau creneaux cumul cumulee cycle debloqu debutant decaiss
decennie decid decider decidera decideront decisions declarer decomptee decomptes defini definie
degager delegataire delegue deliber delier demeuree demeurent demission denonc denouncing
denunciation departementales depass depasse depassee depense deroule deroulera desaccord
desengagement designe designer desinscription desireuse detaille determine detruites deuxieme
devenant devenue devien deviennent differend differer diminue diplomatique diplome directeur
directeurs direction disposent dissoute distincte distribution doctoral doctorant document domaine
donnee donneront donnes dotation double doubt dresser dresseront duration durent durer dureront
ecarte ecartee ecartent echantillons echelonn echelonne eclaire ecoule ecouler ecouleront ecourter
educatif effect effectif effectives effectuees effectues egales egaux elabor embrasse embrassera
empechement emphyteotique emploi emploie employeurs emporte emprunt emprunteur encadrement
encaissees ended engag engagee engagees entendues entiers entraine entreprise entretenu entretien
envisagee envoi envoie equipe equivalentes espace etablit etale etalee eteindra eteindre etend
etendra etudiant etudiants etudier europeen evalu evenement eventuel every examiner examples exced
exclu exclue exclusion execute executees executera executifs exigent exigible existe existence
exoneration expir exploit exploitant exposes expositions express expriment externe extincteurs
extinctif extinction facon factures facult faculte faite fermes feront festival fetes feuille
field figure finance financee financement financeurs first fixation fixent fixes folded fonctionne
fonctionnera fonctions fonds force forfait formee formes formulee fournir fractions franchise
francs garde gardien given gives global governing gratification gratuit groupdict groupement
gymnase habilitation haies hausse heading heure heures holder horloge hotel hubert huitieme
implicite impossible inchangees included incluse indefinite indemnitaire indexe indique inegaux
information informatiques informent inscription inscrits installation instance instant instauree
instruction instruments integrees interdi interdisent interdite interets internes interrompre
interven intervention invendus investissement invitee invoque invoquee isoformat iterable itself
jamais jardin joints jouer journee jumelles justificat labelling ladite laisse laureat lendemain
lesquel libere liberes licencie lient liera limit liquide liquidee litige livres local locataire
logement loisible lorsque loues lumiere lundi lycee mairie maitre majoration majore majoree manege
manifeste manoeuvre maquette marches marquant match maxim mecenat mecene mediatrice memorandum
menage menees menes message mette mettr meubles minimal minore mission modalites modifications
monsieur month municipales musee musicale mutualise mutuel mutuels named nature neanmoins nearest
necessite necessitera needs negoci nomme nonrenewal notice notifi notifications nouve nouveaux
nulle number objets oblige observ observant observe obten obtenus oeuvres often opens operateur
operation opere opportunite oppos opposee opposer ordonnanc ordre organe origine other others
ouverte ouvertes ouverture ouvrage ouvre pacte parfait paroissiaux parrainage partagee partenarial
partent participe parts parvenir parvenue parvienne parvient pattern payable payables payee payees
payments pedagogique penalise penalit percoi percoit perdues periodicite permanences permanent
permet permettre permis persistant personnel piscine place places plafon plafond plafonne
plafonnee plants pleine pleins pleniere portage portant portee porter portera possibilite
possibles pourront poursuite poursuiv poursuivr poursuivre pourvoit pourvu prealablement precedant
precedente precis prejudice premieres premiers prenant prendre prendront prenne preparer presidee
presidence prestataire prestations pretee pretees pretendre pretes prets prevention prevenu
prevenus previenne previous prevoit procede proceder procedure procedures proces produi produira
programmer progressent prohibe prohibee prolong prononcera propos prorog proscri proscrite publi
qualitatif quand quant quart quatorze quelque questions range rappel rapprochent ratification
realisee recettes reciproques reclamation reclame reclames recommence recondu reconduc reconduct
recondui reconduir reconduira reconduisent recruter rectorat recueillis recues redaction redig
redige reduction redui reevalue reexportes reforme refuge refus regard regime regisseur registered
registres reglement regler regularisation rejetee relatives reliquat remboursement remises remonte
remplacees remplaces rendre renewal renewals renewing renouvab renouvel renovation rentree
repartira report reprend representation representer repris reprise reprises republicain repute
reputee reputes requiert requis resili responsabilite responsable responsables ressourcerie
restituees restituer restitues retenu retenue retire retracant retroactif retroagi retroagit
retrouve retrouver return reunir revalorise reverse revetu reviennent revises revocable revolus
riverains rompre route rupture saint saisir saisons salles sauraient scelle scientifique scolarite
search second seconde secretariat selon semble sentence sentier separent share signifiant
signifiee similaires sixieme social societe soient somme sommes sorted sortie sortira souhait
souhaitee soumis soumise souscri souscrites sports stagiaires stands start stationnement statu
statue statuent stipulations stipule structures suffit suite suivent superieur suppose surplus
susceptible suspendre suspendue tableaux tacit taillees tantot tarif tarifs taxes techniciens
telle temporaire termin termination texte theatre toiture tombe torts total tranche transactionnel
transport tresorier triennales trigger troisieme trouve tuple twelfth ulterieure under
unilateralement uniquement universitaires unless usage usagers vaine valables valid valoir value
vendanges vendues verbal verification vernissage vider vienne viennent virement vires voient voila
voudr voudrait voulue whatever where whole whose without wording words written yield
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
