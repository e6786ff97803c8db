"""Folded words that callers say around a name and that end it; a few are also names when capitalised."""

from voicebot.domain.french.almanac import MONTHS, WEEKDAYS

_WORDS = """
a accent accident accord adresse ai aimerais alle allergique allo allons alors ambulance ambulancier ami
amie analyse analyses ancien ancienne annee annuler appeler appelez appelle apres arret as assistant
assistante asthmatique attendez au aucun aucune aujourd aussi aux avais avait avant avec avenue avez bah bas
beau bebe belle ben besoin bien bientot bon bonjour bonne bonsoir boulevard c ca cabinet car ce cela
celibataire celle celui cent certificat ces cest cet cetait cette changer chez chose cinq collegue combien
comme comment compagne compagnon confirmer conge conjoint conjointe consultation content contente controle
copain copine correct cousin cousine crois d dame dans date de decaler dehors demain dent dentiste dents
deplacer depuis dernier dernieres des desole desolee deux diabetique dire dis disons dispo disponible dit
dites divorcee dix docteur donc dos double douleur douleurs douze du e ehpad elle elles email en enceinte
encore enfant enfants enfin epouse epoux est et etait etes euh eux exact exactement faire fait famille
fatigue fatiguee faut femme fievre fille fils francais francaise frere garcon gens gorge grand grands grippe
gros gyneco hein heure heures hier homme hopital hui huit hum ici il ils infirmier infirmiere inquiet
inquiete internet j jai jamais je jeune jour jours juste kine l la labo laboratoire laisser le les lettre
leur leurs libre lui ma madame mademoiselle mail maintenant mais majuscule mal malade maladie maman mamie
mamy mari marie mariee matin me medecin medical medicale merci mere mes message midi mille minuscule moi
mois mon monsieur n naissance nan ne nee neuf ni nom nomme non nos notre nous nouveau nouvelle numero ok
okay on oncle ont onze or ordonnance osteo ou ouais oui papa papi papy par parce parent parents parfait
parfois part pas patient patiente patron pense perdu perdue pere personne petit petite peu peut peux
pharmacie pharmacien pharmacienne plait plait-il plus plutot point police pompiers possible pour pourquoi
pouvez premier premiere prendrai prendre prenom prenomme pres presse pressee pret prete problem probleme
prochain prochaine quand quatre que quel quelle quelqu quelque question qui quinze quoi rapidement rappel
rappeler rdv rendez rendezvous renouvellement renseignement reporter resultats retraite retraitee rhume rien
route rue s sa sais sait samu sans savoir se secretaire secretariat semaine sept sera ses seul seule si
sinon six soeur soir son sont souci souhaite souhaiterais sous stresse suis suivi suivie sur sure svp ta
tante tard te tel telephone tes tete tiret toi tombe tombee ton tot toujours tous tout toute toutes toux
trait travail trente tres trois trop truc tu un une union urgence urgences urgent urgente va vacances vaccin
vaccins vais venir ventre vers veuillez veut veuve veux vingt virgule visite vite voila vois voisin voisine
votre voudrais voulais vous vu y zero
"""

ORDINARY = frozenset(_WORDS.split()) | frozenset(WEEKDAYS) | frozenset(MONTHS)

ALSO_NAMES = frozenset(
    "petit petite grand gros beau belle roi bon dame marie ami rue soir tard mari garcon fils blanc"
    " noir".split()
)
"""Ordinary words that are names too: believed when written with a capital or when a name was asked for."""
