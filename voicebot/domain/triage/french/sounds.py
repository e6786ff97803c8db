"""How French spelling sounds, roughly: one letter a sound, so that words heard alike are written alike.

After the correspondences of Catach, "L'orthographe française" (1980), and the mergers of today's speech
(Léon, "Phonétisme et prononciations du français"): é = è, au = o, in = un, no mute e. Vowels a E i O U(ou)
Y(u) @(eu) and nasal 1(an) 2(in) 3(on); consonants as in IPA with S(ch) J(j) R, gn = nj.
"""

from voicebot.domain.triage.language import ITSELF, Sounding

_V = "aàâeéèêëiîïoôuùûüyœ"
_ORAL = rf"(?![{_V}hnm])"
"""A nasal vowel is one where no vowel and no further n or m follows."""
_GRAPHEMES = (
    # Endings.
    (r"(?<=[eéi]m)ents?$", "1"),
    (r"(?<=[tv]i)ent$", "2"),
    (r"(?<=i)en(?=t)", "1"),
    (r"(?<=[a-zéèêàâîôûç])(?:e|es|(?<!i)ent)$", ""),
    (r"(?<=.[a-zéèêàâîôûç])(?:er|ers|ez|et|ets|ed|eds)$", "E"),
    (r"tions?$", "sj3"),
    (r"(?<=[ieé])ens?$", "2"),
    (r"[tdpxszg]+$", ""),
    (r"(?<=[nr])c$", ""),
    # Two and more letters.
    (r"(?:œu|oeu|œ|oe|eû|eu)(?=il)", "@"),
    (r"a(?=ill)", "a"),
    (r"e(?=ill)", "E"),
    (r"ou(?=ill)", "U"),
    (r"ui(?=ll)", "Yi"),
    (r"eau", "O"),
    (r"aux?$|au", "O"),
    (r"œ(?=[dsn])", "E"),
    (r"œu|oeu|œ|eû|eu", "@"),
    (rf"ou(?=[{_V}])(?!e$|es$|ent$)", "w"),
    (r"o[uùû]", "U"),
    (rf"oin{_ORAL}", "w2"),
    (rf"oy(?=[{_V}])", "waj"),
    (r"o[iî]", "wa"),
    (rf"[ae]y(?=[{_V}])", "Ej"),
    (rf"(?<=[aeœu])ill?(?=[{_V}s]|$)|(?<=ui)ll", "j"),
    (rf"(?:[ae][iî]|[iîyï])[nm]{_ORAL}", "2"),
    (rf"(?<=[iyéï])en{_ORAL}", "2"),
    (rf"u[nm]{_ORAL}", "2"),
    (rf"[aâe][nm]{_ORAL}", "1"),
    (rf"o[nm]{_ORAL}", "3"),
    (r"a[iîy]|e[iîy]", "E"),
    (r"(?<=v)ill|(?<=m)ill|(?<=tranqu)ill", "il"),
    (rf"(?<=[^{_V}])ill(?=[{_V}]|$)|(?<=qu)ill", "ij"),
    (r"emm(?=ent|e$|es$)", "am"),
    (r"t(?=i(?:on|el|eux|aire))(?<!st)", "s"),
    (r"tch|sch|sh|ch(?=[^rln]|$)", "S"),
    (r"ch", "k"),
    (r"ph", "f"),
    (r"gn", "nj"),
    (r"c?qu?", "k"),
    (r"cc(?=[eiyéèêî])", "ks"),
    (r"sc(?=[eiyéèêî])", "s"),
    (r"c(?=[eiyéèêëîï])|ç", "s"),
    (r"gu(?=[eiyéèêëî])", "g"),
    (r"ge(?=[aoâô])|g(?=[eiyéèêëîï])", "J"),
    (rf"(?<=^e)x(?=[{_V}])", "gz"),
    (r"x(?=c[eiéè])", "k"),
    (r"x", "ks"),
    (rf"(?<=[{_V}])s(?=[{_V}])", "z"),
    # One.
    (r"^e", "E"),
    (r"e(?=ll|rr|nn|mm|tt|ss|pp|ff|cc)", "E"),
    (rf"e(?=[^{_V}h][^{_V}hrl])", "E"),
    (r"e(?=[rlfckq]$)", "E"),
    (r"e", ""),
    (r"[éèêë]", "E"),
    (r"[aàâ]", "a"),
    (rf"[iîïy](?=[{_V}])(?!e$|es$|ent$)", "j"),
    (r"[iîïy]", "i"),
    (r"[oô]", "O"),
    (r"[uùûü]", "Y"),
    (r"[ck]", "k"),
    (r"r", "R"),
    (r"j", "J"),
    (r"h", ""),
    (r"w", "v"),
    (r"[a-z]", ITSELF),
)
SOUNDING = Sounding(
    graphemes=_GRAPHEMES,
    words={
        "femme": "fam", "femmes": "fam", "monsieur": "msj@", "sens": "s1s", "fils": "fis", "os": "Os",
        "pus": "pYs", "anus": "anYs", "sinus": "sinYs", "virus": "viRYs", "pénis": "pEnis",
        "thorax": "tORaks", "torax": "tORaks", "est": "E", "et": "E", "les": "lE", "des": "dE", "mes": "mE",
        "ses": "sE", "tes": "tE", "ces": "sE", "eu": "Y", "eue": "Y", "sept": "sEt", "huit": "Yit",
        "dix": "dis", "six": "sis", "hier": "jER", "fer": "fER", "mer": "mER", "cancer": "k1sER",
        "hiver": "ivER", "cher": "SER", "ver": "vER", "doigt": "dwa", "doigts": "dwa", "pied": "pjE",
        "pieds": "pjE", "nez": "nE", "chez": "SE", "estomac": "EstOma", "tabac": "taba", "ventoline":
        "v1tOlin", "psychiatre": "psikjatR", "tachycardie": "takikaRdi", "écho": "EkO", "scanner": "skanER",
        "sms": "EsEmEs", "avc": "avEsE", "samu": "samY", "oeil": "@j", "œil": "@j", "yeux": "j@",
        "deuxième": "d@zjEm", "second": "sg3", "corps": "kOR", "poids": "pwa", "temps": "t1",
        # A name: its m is no "m'" before "adieu".
        "mathieu": "mmatj@", "matthieu": "mmatj@",
    },
    endings=("m1", "asj3", "E", "R"),
    alike=str.maketrans("bdgvzJ3@OY", "ptkfsS1EUi"),
    elided=frozenset("JldmtnszSkR"),
    stuck=("a", "E", "la", "lE", "sa", "ma", "dE"),
    liaisons={"t": "t", "d": "t", "s": "z", "x": "z", "z": "z", "n": "n"},
    vowels="aEiOUY@123",
)  # fmt: skip
