"""French inflections: irregular words by table, and the common endings (Savoy 1999, "A stemming procedure
for French", made lighter)."""

import re

from voicebot.domain.triage.language import Stemming

_IRREGULAR = """
aller: vais vas va vont allait allais allaient alle allee allez allons aille ira irait
apparaitre: apparait apparu apparue apparus apparues apparaissent
atteindre: atteint atteinte
avoir: ai as a avons avez ont avais avait avions avaient eu eue aura aurait aurais auras aurai ayant ait aie
blanc: blanche blanches blancs
boire: bois boit boivent buvait buvais bu bue buvez boira buvant
brulure: brulures
conduire: conduit conduisait
courir: cours court courait couru courant
couvrir: couvre couvert couverte couverts couvertes
croire: crois croit croyait cru croyais
devenir: deviens devient devenu devenue devenait
dentier: dentiers
descendre: descend descendu descendait
disparaitre: disparait disparu disparue disparus disparaissent
dire: dis dit disent disait dite disant
doigt: doigts
dormir: dors dort dorment dormi dormait dormais
dos:
ecrire: ecrit ecrite ecrivait
endormir: endort endorment endormi endormie endormis endormies endormait
eteindre: eteint eteinte
etre: suis es est sommes etes sont etais etait etions etaient ete sera serait soit sois serai serais soient
faire: fais fait font faisait faisais faite faites faisant fera ferait ferai ferais feront feraient fasse
faux: fausse
finir: finis finit fini finie finissait
gris: grise grises
inconscient: inconsciente inconscients
lessive: lessives
long: longue
mal: maux
maintenir: maintient
mettre: mets met mettent mis mise mettait mettez mettons
mordre: mord mordu mordue mordus mordait morsure morsures
mourir: meurs meurt meurent mourait mourra mourrait mourant
mort: morte morts mortes
mou: molle mous molles mol
naitre: nait nee nees naissance
oeil: yeux oeils
ouvrir: ouvre ouvrent ouvert ouverte ouverts ouvertes ouvrait
os:
paraitre: parait paru
partir: pars part partent partait parti partie partis parties partira
pendre: pend pendait pendu pendue pendent pendouille
perdre: perd perds perdent perdu perdue perdus perdait perdais perte pertes
peau: peaux
plaindre: plaint plaignait
poing:
pouvoir: peux peut peuvent pouvait pouvais pouvaient pu pourra pourrait pourrai pourriez pourrez puisse
prendre: prends prend prennent pris prise prises prenait prenais prenez
recevoir: recois recoit recu recue recevait
raide: raideur raides
repondre: repond reponds repondait repondu repondent
reprendre: reprend reprends reprenait
ressentir: ressens ressent ressenti ressentait
revenir: reviens revient revenu revenue revenait
sang: sangs
savoir: sais sait savent savait savais su saura
sec: seche seches secs
sentir: sens sent sentent senti sentie sentait sentais
sonner: sonne sonnes sonnee sonnees sonnait sonnent sonnerie sonneries
sortir: sors sort sortent sorti sortie sortait
souffrir: souffre souffrait souffert
suivre: suit suivent suivait suivie
tenir: tiens tient tiennent tenait tenu tenue
tordre: tord tordu tordue tordus tordues tordent tordait tordaient
valoir: vaut
vertige: vertiges
venir: viens vient viennent venait venu venue
vivre: vis vit vivent vivait vecu vivant vivante
voir: vois voit voient voyait voyais vu vue vues voyez verra
vouloir: veux veut veulent voulait voulais voulu voudrait
hopital: hopitaux
cheveu: cheveux
genou: genoux
bleu: bleus bleue bleues
bleuir: bleuit bleuissait
rouge: rougeur rougeurs rouges
carie: caries
confus: confuse confuses
cesser: cesse cesses cessait cessent cessez
chaud: chaude chauds chaudes chaleur
froid: froide froids froides
dur: dure durs dures durci
fou: folle
battre: bat bats battent battait battu battue battement battements
entendre: entend entends entendent entendait entendu
comprendre: comprend comprends comprennent comprenait compris
reconnaitre: reconnait reconnais reconnaissait reconnu
rompre: rompu rompue rompt
geindre: geint geignait geignements
malaise:
secouer: secousse secoue secoues secouee secouait secouent
pire: pires
couper: coupe coupes coupee coupees coupait coupent coupure coupures
verrue:
mois:
bus:
rater: rate rates ratee
toux:
tous: toutes toute
tousser: tousse tousses toussent toussait toussais tousseux
passer: passe passes passee passees passait passent passez passons passera
bouillant: bouillante bouillants bouillantes
brulant: brulante brulants brulantes
enfant:
bile:
bille:
respir: respirait respirais
inspir: inspirait inspirais
aspir: aspirait
transpir: transpirait transpirais
delir: delirait delirais
dechir: dechirait
retir: retirait
galer: galerait
alait: allaite allaites allaitee
maltrait: maltraite maltraites maltraitee maltraites maltraitees
balanc: balance balances
recomenc: recommence recommences
crepit: crepite
deboit: deboite deboites deboitee
tuer: tue tues tuent tuait tuais tuee
suer: sue sues suait suais
accident: accidents accidente
palais:
pus:
balai: balais
arete: aretes
cas (noun): cas
des:
temps:
oreiller: oreillers
commencer: commence commences commencent commencait commencee commencees
comme:
comment:
forcement:
seulement:
finalement:
rendez:
regler: reglee reglees reglement reglements
traitant: traitants traitante
gratuit: gratuite gratuits gratuites gratuitement
guerre: guerres
ferie: feries
colonie: colonies
colon:
palier: paliers
sel:
tante: tantes
tant:
college: colleges
quartier: quartiers
presence:
preference:
cher: chere chers cheres
bosser:
revoir: reverrai reverrait reverra revoie revoyez
portable: portables
gerant: gerante
duree: durees
caf:
parc:
roux: rousse
plombier:
expiration:
final: finale
dessus:
devis:
dose: doses
dossier: dossiers
fer: fers
filet (noun): filet filets
foie: foies
gens:
mars:
mer (noun): mer mers
mere: meres
mare (noun): mare mares
mari: maris
marie:
patient: patients patiente patientes
pateux: pateuse pateuses
marre:
devoir: dois doit devais devait devrait devrais doivent
devant (where): devant
par:
parent: parents
paris:
pluie: pluies
patient (who): patient patients patiente patientes
tapis:
papier (paper): papier papiers
pointe (of foot): pointe pointes
possible: possibles
pus:
salle: salles
secu:
serie: series
serieux: serieuse serieusement
vers:
vie: vies
vieux: vieille vieil vieilles
visite: visites visiter
volant: volants
passant: passants
passager: passagere passagers
livre: livres
vite:
vitre: vitres
banc: bancs
terre: terres
terrible: terribles terriblement
coin: coins
coller: colle colles collee collent
col: cols
poule: poules
pouls:
pile: piles
pilule: pilules
belle: belles
balle: balles
ballon: ballons
police:
pouce: pouces
corps:
corde: cordes
"""
_LEMMAS = {
    form: lemma.strip()
    for line in _IRREGULAR.strip().splitlines()
    for lemma, _, forms in [line.partition(":")]
    for form in (*forms.split(), lemma.strip())
}
_ENDINGS = tuple(
    sorted(
        "iere ier ant ante anter antee antait antent isement isaient isait isais isent ation ement aient "
        "euse eux ive if ai ait ais ees ee er ez es e "
        "ie is it i ir ite ique able ible ance ence "
        "erait erais era iraient irait ira ent".split(),
        key=len,
        reverse=True,
    )
)

STEMMING = Stemming(
    lemmas=_LEMMAS,
    endings=_ENDINGS,
    spellings=(
        (re.compile(r"([a-z])\1"), r"\1"),
        (re.compile(r"qu"), "k"),
        (re.compile(r"gu(?=[ei])"), "g"),
    ),
    plurals="sx",
    last="eiu",
)
