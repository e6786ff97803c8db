"""Names common in France, folded: one that a recogniser wrote is one ("Yvette" is no "uvéite")."""

from voicebot.domain.french.first_names import FIRST_NAMES

_FAMILY = frozenset(
    "martin bernard petit robert richard durand dubois moreau laurent simon michel lefebvre leroy roux david "
    "bertrand morel fournier girard bonnet dupont lambert fontaine rousseau vincent muller faure mercier "
    "blanc guerin boyer garnier chevalier legrand gauthier perrin robin clement morin henry roussel mathieu "
    "gautier masson marchand duval denis dumont lemaire noel meyer dufour meunier brun blanchard giraud joly "
    "riviere lucas brunet gaillard barbier arnaud martinez gerard roche renard schmitt roy leroux colin "
    "vidal caron picard roger fabre aubert lemoine renaud dumas lacroix olivier bourgeois benoit rey leclerc "
    "payet rolland leclercq guillaume lecomte lopez dupuy guillot hubert berger carpentier sanchez dupuis "
    "moulin louis deschamps huet vasseur perez fleury royer klein jacquet adam poirier marty aubry guyot "
    "charles renault charpentier menard maillard baron bertin bailly herve schneider fernandez collet leger "
    "bouvier julien prevost millet perrot germain breton besson langlois remy lenoir lebrun lerouge".split()
)
NAMES = FIRST_NAMES | _FAMILY
