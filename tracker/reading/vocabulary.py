"""The words that the mending of scans may restore: those the rules look for, in folded form.

A scan that cuts one of them in two is mended, any other word is left alone.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
abattement abonne abonnement abreger abrogation abrogee absence absenter acceptation accepte
acceptee acces accompagne accompagnement accompagner accompli accomplissement accord accorde
accordee accordees accordent accordes accords accueil accueillir accuse acheve achevee achevement
achever acompte acomptes acquis acquitte acquittee acquittees acte action actions activite activites
actualisation adherent adherente adherents adherer adhesion adhesions adjoint adjointe adjoints
administratif administration administrative admis adopte adoptee adressant adresse adressee adresser
adulte adultes affectation affecte affectee affectes afferme affichage affichee affiches agent
agents aide aides aines ainsi ajouter ajuster allant allocation alloue allouee allouer alors
alternativement amendement amendements amiable amies amitie amortit an animateur animateurs
animation animaux animer annee annees annexe annexes anniversaire anniversaires annonce annuel
annuelle annuellement annuelles annuels annuite annuites annulation annulations annulee ans antenne
anticipation anticipee aout appartient appele appelee applicable applicables application applique
apport apports appose apposition approbation approuve approuvee approuvent appui apres architecte
archivage archives arrangement arrete arretee arretent arreter arretes arrive arrivee arrivera
article articles artiste assemblee assemblees associatifs association associations associative
assortie assortir assortis assurance assurances assure assuree attache atteint attribue attribuee
attribues attributaire attribution attributions aucun aucune augmente auparavant aupres aura aussi
automatique automatiquement automne autorisation autorise autorisee autorisees autorite autre
autrement autres avance avancement avant avec avenant avenants averti avertir avertira avertissant
avertissement avertissent avertit avis avise aviser avisera avoir avril ayant bail bailleur
bailleurs baisse batiment benefice beneficiaire beneficiaires beneficie benevole benevoles besoin
besoins bibliotheque bienfait bienfaits biennale bilan bilans bilaterale billets bout budget
budgetaire bureau buvette cabane cadre caduque caisse calcules calendaire calendaires calendrier
candidature cantine capital caractere caracteristiques carte caserne cause caution celle celui cense
cent centre certifies cessation cesse cessent cesser cessera cesseront cession cette chacun chacune
champ chantier chaque charge chargee charges charte chasse chiffres choisi choisie cinq cinquante
circonscription cirque cites citoyens civile civiles classe classer clause clauses cles climat
cloture club cocontractants cofinancement collaboration collecte collectif collective collectivite
collectivites college comite comites commande commandee commandement commandes comme commencant
commence commencement commencent commencer commencera commenceront comment commissaire commission
commissions committee commodataire commun communal communale communautaire communautaires communaute
commune communes communicables communication communique communiquee communiquees communiquer
compagnie compagnies comparait competences competente competentes competition complement
complementaires complet comporte compose comprend comprise comprises comptable comptables compte
comptee compter comptes concede concertent concession conclu conclue concluent conclues conclura
conclure conclus conclusion conclusions concordante concordantes concordants concourir concours
concurrence condition conditionne conditions conducteur conduite conference conferences
confidentialite confidentielles confie confiee confondue confondues conge conges congres conjoint
conjointe conjointement conjoints connaissance connaitre consacre consacree consecutifs consecutive
consecutives conseil conseils consenti consentie consentis conservateur conserve conservee
conservees conserves considerant considere consideree constantes constater constitue consultatif
consultation consulte consultee continue continuera contractant contractante contractantes
contractants contracte contractent contractuelle contradictoire contraire contrat contrats contre
contrepartie contribue contribuer contribution contributions controle convenir convention
conventionnel conventionnelle conventions convenu convenue convenues conviendront conviennent
convocation convoque convoquee cooperation coordinateur coordination coordinatrice coordonnateur
coordonne correspondant correspondante costumes cotisation courant courante courent courir courriel
courrier courriers cours court cout couvert couverte couvrant couvre couvrira credite creee creneau
creneaux culture culturel culturelle cumulee cumulees cycle dans date dater debloquee debut debutant
debute debutera debuteront decembre decennie decentralisee decerne decernee decide decidee decider
decidera deciderait decideront decision decisions declaration declare declarer decompte decomptee
decomptes defaut defini definie definitif definitive degage degager degrader delai delais
delegataire delegation delegations delegue deliberation deliberations delier delivre delivree
demande demandee demander demandes demarche demarches demarrage demarre demeure demeuree demeurent
demeurera demission denonce denoncee denoncees denoncent denoncer denoncera denonceront denonces
denonciation denonciations depart departement departementale departementales depasse depassee
depasser depense depenses depose deposee deposer depositaire depositaires depot depuis dernier
derniere deroule deroulera desaccord desaffectation desenclavement desengagement desengager
designation designe designer desinscription desire desireuse desistement destinataire detaille
determine determinee determinees detruites deux deuxieme developpement devenant devenue devien
deviennent devient devra difference differend differer diminue diplomatique diplomatiques diplome
directement directeur directeurs direction discretion dispose disposent dispositif disposition
dissolution dissoudre dissoute distincte distribue distribution doctoral doctorant document
documents doit doivent domaine domaniale donnant donne donnee donnees donner donnera donneront
donnes dont dossiers dotation dotations double douze dresse dressent dresser dresseront droit droits
dument duquel durable durant dure duree durees durent durer durera dureront ecarte ecartee ecartent
echange echangees echanges echantillons echeance echeances echeancier echeant echelonne eclaire
ecole ecoles ecoule ecoulee ecouler ecouleront ecourter ecrit ecrite editer edition educatif
education effectif effectifs effective effectivement effectives effectue effectuee effectuees
effectues effet effets egale egales egaux elaboration election electronique eleves eligible
eligibles elle elles elus embrasse embrassera empechement emphyteose emphyteotique emplacement
emplacements emploi emploie emploient employeur employeurs emporte emprunt emprunteur encadrement
encaisse encaissees encourager enfance enfants engage engageant engagee engagees engagement
engagements engagent ensemble ensuite entamee entend entendent entendues entente entieres entiers
entraide entraine entre entree entrees entrent entreprise entreprises entrera entretenu entretien
envisagee envoi envoie envoyee epoque equipe equipement equipements equipes equitable equivalente
equivalentes erreur espace essai essentielle estimation etabli etablie etablissement etablissements
etablit etale etalee etant etape etapes etat etats eteindra eteindre eteint etend etendra etendue
etre etude etudes etudiant etudiants etudier europeen euros evaluation evaluations evalue evaluee
evaluees evaluera evalueront evenement eventuel eventuelle examen examiner excedant excede exceder
exceptionnelle exclue exclusion exclusive execute executees executera executif executifs execution
executions executoire exemplaires exerce exercee exercent exercice exercices exigent exigible existe
existence exoneration expertise expirant expiration expire expiree expirera explicite explicitement
exploit exploitant exposes exposition expositions expres express expresse expressement exprimee
expriment extension externe extincteurs extinctif extinction extrajudiciaire facon facture factures
faculte faire fait faite familles faute favoriser fermage ferme fermes fermete feront festival fetes
feuille fevrier figurant fin final finale finance financee financement financeurs financier
financiere financieres financiers fiscale fixation fixe fixee fixent fixes fois foncier fonciere
foncieres fonctionne fonctionnement fonctionnera fonctions fondation fondations fonds font force
forfait forfaitaire formalite formalites formation forme formee formelle formes formulee formuler
fournir fournit fourniture fournitures fractions frais franc france franchise francs frequence
frequentation garantie garantit garde gardien general generale gestion gestionnaire gestionnaires
global globale gouvernement gouvernements gracieuse gracieusement gratification gratuit gratuite
gratuitement groupe groupement groupements gymnase habilitation habilite habitants haies hausse
hautes hauteur hebdomadaire hebergement heure heures honorer horaires horloge hospitalier hotel
hubert huissier huit huitieme identique identiques illimitee immediatement implicite implicitement
impossible inchangees inclus incluse indefini indefinie indefiniment indemnitaire indemnite
indemnites indeterminee indexe indicateurs indique individuelles indivisible inegaux inexecution
inexecutions inferieure information informations informatiques informe informent informer
infrastructure infructueuse ininterrompue initial initiale initiales initiative initiatives
inscription inscrire inscrits installation instance instances instant instauree institue instruction
instruments integrale integralite integrees intention intercommunale intercommunalite intercommunaux
interdisent interdite interesse interesses interet interets intermediaire intermediaires internes
interrompre interruption intervenir intervention interviendra intervient invendus inventaire
investir investissement invitee invoque invoquee issue itineraire jamais janvier jardin jardinier
jardins jeunesse joints jouer jouissance jouissances jour journee jours juillet juin jumelage
jumelees jumelles jusqu justificatifs justificatives justifie justifier laboratoire ladite laisse
lancement laquelle laureat legalite lendemain lequel lesquel lesquelles lesquels lettre lettres leur
leurs liaison liberation libere liberee liberes liberte libre licencie licite lient liera lieu lieux
limitation limite limitee limites liquidation liquide liquidee litige litiges livraison livres local
locataire locataires location locaux logement logements loisible loisirs longtemps lorsque loues
loyer lrar lumiere lundi lycee madame magistrat maintenance maintenir maintenu maintenue maintien
maire maires mairie mairies maitre majeure majoration majore majoree majorite mandat mandate
mandatee manege maniere manifestation manifeste manoeuvre manquement manquements maquette
marchandises marche marches marquant marque mars materiel maximale maximum mecenat mecene mediation
mediatrice membre membres meme memes memorandum menage menee menees menes mensualites mensuel
mensuelle mensuellement mensuelles mensuels message mesures metropole metropolitain mette mettr
mettre meubles millesime minimal minimale minimum ministere minore mise mission mixte mobilier
mobilite modalites modification modifications modifiee modifiees moins mois moitie moment monsieur
montant moral motif motivee mouvement moyen moyennant moyenne moyens municipal municipale
municipales municipalite municipalites municipaux musee musees musicale musique mutualisation
mutualise mutualisee mutuel mutuelle mutuellement mutuels naissance nature neanmoins necessaire
necessite necessitera neuf nomme nommee notes notification notifications notifie notifiee notifiees
notifient notifiera noue nouveau nouveaux nouvel nouvelle nouvelles novembre nulle objectifs objet
objets obligation obligations obligatoire obligatoires oblige observ observant observations observe
obtenus occupant occupation occupations occupee octobre octroi octroye octroyee oeuvre oeuvres
office officielle operateur operation operations opere opportunite opposable oppose opposee opposer
opposition orchestre ordinaire ordre organe organisation organisatrice organise organisee organismes
orientation origine other ouverte ouvertes ouverture ouvrage ouvre ouvriers pacte paiement par
parcelle parcours parentes parfait paritaire parking parlementaire paroissiaux parrainage part
partage partagee partenaire partenaires partenarial partenariat partent participation participations
participe particuliere particulieres partie parties partir partout parts parution parvenir parvenue
parvienne parvient passe passee patrimoine payable payables payee payees payments paysage
pedagogique pedagogiques penalite penalites pendant perception percoi percoit perdues peremption
perennite period periode periodes periodicite periscolaire permanences permanent permanente
permanents permet permettre permis permission perpetue perpetuite persistant personnel personnes
perspective peut peuvent phytosanitaire pieces pilotage pilote piscine place places plafond plafonne
plafonnee planification plants plein pleine pleins pleniere pluriannuel pluriannuelle pluriannuelles
pluriannuels pluricommunale plus point police population portage portail portant porte portee porter
portera possession possibilite possible possibles postal postale pour pourcentage pourra pourront
poursuit poursuite poursuivra poursuivre pourvoit pourvu pouvant pouvoir prealable prealablement
preambule preavis precaire precedant precede precedent precedente precedentes precis prefecture
prefet prejudice prejudices preliminaire premier premiere premieres premiers prenant prend prendra
prendre prendront preneur prenne preparer prescriptions present presentation presente presentes
presidee presidence president presidente presidents prestataire prestataires prestation prestations
presume pret prete pretee pretees pretendre pretes prets prevenance prevenances prevenant prevenir
prevention prevenu prevenus previenne previent prevoit prevu prevue printemps prioritaire prise
privatif privee prix procede procedent proceder procedera procedure procedures proces production
produira produire produit professionnelle professionnels programmation programme programmer
programmes prohibee projet projets prolongation prolonge prolongee prononce prononcera proposition
proprietaire prorogation proroge prorogeable prorogee prorogees proscrite protection protocole
provinces proviseur provisoire public publication publie publiee publique publiques puis puissance
puissances puisse quadriennale qualitatif qualitative qualite quand quantitatif quantitative
quarante quart quarts quatorze quatre quelque questions quinquennal quinquennale quinzaine quinze
quittance quitter quotidienne quotite raison raisonnable rappel rapport rapports rapprochent
rassemble ratification ratifications ratifiee rattachement realisation realisee recapitulatif
recapitulatifs reception receptions recettes recherche recherches reciproque reciproquement
reciproques reclamation reclamations reclame reclames recoit recommande recommandee recommence
reconductible reconductibles reconduction reconductions reconduir reconduira reconduire reconduisent
reconduit reconduite reconduites reconnaissance recours recrute recrutement recruter rectorat recu
recue recueillis recues redaction redevance redevances redige reduction reduites reexportes referent
referents reforme refuge refus refuser regard regime region regionale regionales regions regisseur
registre registres regle reglee reglement reglementaire reglementation regler regularisation
reguliere regulierement rejetee rejoindre relation relations relatives relevant releve relevent
reliquat remboursable remboursables remboursement remet remis remise remises remonte remplacees
remplaces remuneration rencontre rencontrent rencontrer rend rendre rendu rendus renonce renoncer
renonciation renouvelable renouvelables renouvele renouvelee renouveler renouvellement
renouvellements renouvellera renovation renseignements rentree rentrees repart reparties repartira
repartition repas reponse report reprend reprendre representant representants representation
represente representee representer repris reprise reprises republicain repute reputee reputes
requiert requis reseau reservation reserve reservee reserves residence residences resiliation
resiliations resilie resiliee resilient resilier resiliera resolution resolutoire respect respectant
respectent respecter respective respectivement respectives responsabilite responsable responsables
ressourcerie ressources restant restants restauration reste restee restent restera restitue
restituees restituer restituera restitues restitution restreinte resultats resulte resume retard
retenu retenue retire retiree retirer retirera retracant retrait retribution retroactif
retroactivement retroagit retrouve retrouvent retrouver reuni reunie reunies reunion reunions reunir
reunira reunis reunissent reunit revalorise reverse revetu reviennent revise revises revocable
revolus rigueur riverains rompre rompue route rupture saint saisir saison saisonnier saisons salle
salles sanctions sanitaire sans sauf sauraient saurait savoir scelle scientifique scientifiques
scolaire scolaires scolarite seance seances second seconde secret secretaire secretariat securite
selon semaine semaines semestre semestres semestrialite semestriel semestrielle semestriellement
semestrielles semestriels seniors sensibilisation sentier separent septembre sera serment seront
service services servitude servitudes seul seule siege siegent signalee signataire signataires
signature signatures signe signee signees signent signifiant significative signifie signifiee
silence similaires simple simplement sinistre sixieme social sociaux societe soient soit soixante
solde solidaire solidarite solliciter sommation somme sommes sont sortie sortir sortira souhaitant
souhaite souhaitee soumis soumise sous souscripteur souscription souscrit souscrite souscrites
souscrits soussignes soutenir soutien soutient specifique specifiques spectacle sportif sportive
sports stade stage stages stagiaires stationnement statue statuent sterilisation stipulation
stipulations stipule strategique structure structures subordonne subordonnee substitution subvention
subventions successive successives suffit suit suite suivant suivante suivants suivent suivi
superficie superieur superieure supplementaire supplementaires suppose surplus survit susceptible
suspendre suspendue suspension symbolique syndical syndicale syndicat syndicats tableau tableaux
tacit tacite tacitement tacites taillees tantot tard tarif tarifs taux taxes techniciens technique
telle temoin temporaire temporaires temps tenue terme termes termination termine terrain territoire
territoires territoriale territoriales texte theatrale theatre thematique tiennent tient tiers titre
titulaire titulaires toiture tombe torts total totale totalite toujours touristique tous tout toute
toutes traite traitement trajet tranche tranches transactionnel transferee transfert
transfrontaliere transmet transmettre transmis transmise transmission transport transports travail
travaux traverse treizieme trente tresorerie tresorier tribunal triennal triennale triennales
trimestre trimestres trimestriel trimestrielle trimestriellement trimestrielles trimestriels
tripartite trois troisieme trottoir trouve ulterieur ulterieure ulterieurement unanimite unilateral
unilaterale unilateralement unique uniquement universitaire universitaires universite urbaine
urbanisme urgence usage usagers utilisateur utilisateurs utilisation vacances vaine valable valables
valide validite valoir valorisation vaut vegetaux vehicule vendanges vendeur vendues verbal verbaux
verification verifie vernissage verse versee versees versement versements viabilite victime vider
vienne viennent vigilance vigueur village ville villes vingt virement vires virtuelle visite visites
voie voient voila voisin volontaire volontairement volontaires volonte volontes vote votee votes
voudrait voulue
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
