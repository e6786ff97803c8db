"""From practices to Asterisk's files: what they say, what cannot be smuggled into them, who may edit them."""

import re
import stat
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.asterisk import secret_words, sounds
from telephony.asterisk.configuration import Secrets, files, phones, plain, spans, unreachable
from telephony.asterisk.written import write
from voicebot.adapters import practice_yaml, trunks_yaml
from voicebot.domain.practice import Hours, Number, Practice, Target
from voicebot.domain.trunk import Trunk
from voicebot.errors import Faulty, FaultyFile
from voicebot.settings import Settings

SETTINGS = Settings(state=Path("/srv/voice"))
DESK = Target("secretariat", "le secrétariat")
MOBILE = Target("moreau", "le docteur Moreau", "+33639981234", emergencies_only=True)
PRACTICE = replace(
    practice_yaml.load(Settings().practices / "demo.yaml"),
    numbers=(Number("+33199004712"), Number("+33199004713", "humans")),
    targets=(DESK, MOBILE),
    humans=(Hours(0, time(8, 30), time(12, 30)),),
)
OVH = Trunk("ovh", "sip.example.fr", "0033199004712", numbers=("+33199004712",))
SECRETS = Secrets("ami-word", "ari-word", {"secretariat": "desk-word"}, {"ovh": "p;ss\\word"})


def made(*practices: Practice, **changes: object) -> dict[str, str]:
    settings = replace(SETTINGS, **changes)
    return files(practices or (PRACTICE,), settings, (OVH,), SECRETS)


def section(text: str, head: str) -> list[str]:
    """The lines of every section that begins so."""
    found = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    return [line for part in found if part.startswith(head) for line in part.splitlines()]


def test_the_same_practices_give_the_same_files():
    assert made() == made()


def test_a_trunk_registers_and_is_known_by_its_address_only():
    lines = section(made()["pjsip.conf"], "[trunk-ovh]")
    assert "identify_by = ip" in lines
    assert "match = sip.example.fr" in lines
    assert "server_uri = sip:sip.example.fr" in lines
    assert "client_uri = sip:0033199004712@sip.example.fr" in lines
    assert "password = p\\;ss\\\\word" in lines
    assert "endpoint_identifier_order = username,ip" in made()["pjsip.conf"]
    assert "anonymous" not in made()["modules.conf"]


def test_an_encrypted_line_uses_tls_and_srtp_or_is_refused():
    encrypted = replace(OVH, encrypted=True)
    with pytest.raises(Faulty, match="chiffrée"):
        files((PRACTICE,), SETTINGS, (encrypted,), SECRETS)
    settings = replace(SETTINGS, sips_port=5061, tls_cert="/etc/cert.pem", tls_key="/etc/key.pem")
    lines = section(files((PRACTICE,), settings, (encrypted,), SECRETS)["pjsip.conf"], "[trunk-ovh]")
    assert "media_encryption = sdes" in lines
    assert "server_uri = sip:sip.example.fr\\;transport=tls" in lines


def test_a_softphone_in_the_browser_is_a_second_telephone_of_the_same_person():
    pjsip = made(wss_port=8089, tls_cert="/etc/cert.pem", tls_key="/etc/key.pem")["pjsip.conf"]
    assert "webrtc = yes" in section(pjsip, "[secretariat-web]")
    assert "webrtc" not in made()["pjsip.conf"]


def test_numbers_lead_to_their_practice_and_only_its_targets_can_be_dialled():
    other = replace(PRACTICE, id="annexe", numbers=(Number("+33199005678"),), targets=(DESK,))
    plan = made(PRACTICE, other)["extensions.conf"]
    assert "exten => +33199005678,1,Set(PRACTICE=annexe)" in section(plan, "[numbers]")
    assert "same => n,Set(FIRST=humans)" in "\n".join(section(plan, "[numbers]"))
    assert any("PJSIP/0033639981234@trunk-ovh" in line for line in section(plan, "[targets-demo]"))
    assert not any("moreau" in line for line in section(plan, "[targets-annexe]"))
    assert phones((PRACTICE, other)) == ("secretariat",)
    assert "ONLY_NUMBER = \n" in plan


def test_a_single_practice_takes_every_call_of_its_line():
    assert "ONLY_NUMBER = +33199004712" in made()["extensions.conf"]


def test_hours_become_conditions_of_the_practice_s_own_clock():
    assert spans(DESK, PRACTICE) == ("08:30-12:29,mon,*,*,Europe/Paris",)
    assert spans(replace(DESK, hours=(Hours(6, time(22), time(23, 59)),)), PRACTICE) == (
        "22:00-23:58,sun,*,*,Europe/Paris",
    )
    assert spans(MOBILE, PRACTICE) == ()


def test_a_mobile_without_a_line_is_told_and_not_dialled():
    plan = files((PRACTICE,), SETTINGS, (), SECRETS)["extensions.conf"]
    assert "exten => moreau,1,Set(TARGET=)" in plan
    assert "le docteur Moreau" in unreachable((PRACTICE,), ())[0]


@given(st.text(max_size=60))
def test_no_name_holds_anything_a_dialplan_reads(name):
    assert re.fullmatch(r"[A-Za-z0-9 .-]{0,30}", plain(name, 30))


def test_no_name_of_a_practice_becomes_a_line_of_the_dialplan():
    ours = made()["extensions.conf"].splitlines()
    theirs = made(replace(PRACTICE, name="A)\n[x]\nexten => _X.,1,System(rm); ${B}"))["extensions.conf"]
    different = {b for a, b in zip(ours, theirs.splitlines(), strict=True) if a != b}
    assert different == {" same => n,Set(PRACTICE_NAME=A x exten X. 1 System rm B)"}


@pytest.mark.parametrize("host", ["127.0.0.1\n[evil]", "x;y", "a#exec b", "${SHELL(id)}"])
def test_no_setting_becomes_a_line_of_a_file(host):
    with pytest.raises(Faulty):
        made(sip_host=host)


@pytest.mark.parametrize("password", ["", "a\nb", " a", "a\0b"])
def test_a_password_that_cannot_be_written_is_refused(password):
    with pytest.raises(Faulty, match="mot de passe"):
        files((PRACTICE,), SETTINGS, (OVH,), replace(SECRETS, trunks={"ovh": password}))


def test_one_name_for_a_telephone_and_a_mobile_is_refused():
    other = replace(PRACTICE, id="annexe", targets=(replace(DESK, number="+33639981234"),))
    with pytest.raises(Faulty, match="donnez-leur deux noms"):
        made(PRACTICE, other)


def test_names_on_a_display():
    assert plain("Maison de santé « l'Œuvre »\n; #exec rm", 40) == "Maison de sante l uvre exec rm"
    assert plain("Cœur-de-Ville", 30) == "Coeur-de-Ville"


def test_a_file_edited_by_hand_is_shown_and_kept(tmp_path):
    assert write(tmp_path, {"a.conf": "un\n", "b.conf": "deux\n"}).changed == ("a.conf", "b.conf")
    assert write(tmp_path, {"a.conf": "un\n", "b.conf": "deux\n"}).changed == ()
    (tmp_path / "a.conf").write_text("à moi\n")
    again = write(tmp_path, {"a.conf": "trois\n", "b.conf": "quatre\n"})
    assert again.changed == ("b.conf",)
    assert "-à moi\n+trois\n" in again.diffs["a.conf"]
    assert (tmp_path / "a.conf").read_text() == "à moi\n"
    assert write(tmp_path, {"a.conf": "trois\n"}, force=True).changed == ("a.conf",)
    assert stat.S_IMODE((tmp_path / "a.conf").stat().st_mode) == 0o600


def test_a_file_that_is_not_ours_is_kept(tmp_path):
    (tmp_path / "pjsip.conf").write_text("[their own]\n")
    assert "their own" in write(tmp_path, {"pjsip.conf": "[ours]\n"}).diffs["pjsip.conf"]


def test_passwords_are_made_once_and_nobody_else_can_read_them(tmp_path):
    first = secret_words.load(tmp_path, ("a",), (), tmp_path)
    again = secret_words.load(tmp_path, ("a", "b"), (), tmp_path)
    assert (again.ami, again.ari, again.phones["a"]) == (first.ami, first.ari, first.phones["a"])
    assert len({first.ami, first.ari, *again.phones.values()}) == 4
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_an_operator_s_password_that_is_missing_is_asked_for_by_its_file(tmp_path):
    with pytest.raises(Faulty, match="line_ovh"):
        secret_words.load(tmp_path, (), (OVH,), tmp_path)
    (tmp_path / "line_ovh").write_text("secret\n")
    assert secret_words.load(tmp_path, (), (OVH,), tmp_path).trunks == {"ovh": "secret"}
    assert "secret\n" not in (tmp_path / "secrets.json").read_text()


def test_the_lines_that_ship_are_faultless_and_none():
    assert trunks_yaml.load(Settings().lines) == ()


def test_an_account_like_ovh_s(tmp_path):
    path = tmp_path / "lines.yaml"
    path.write_text(
        'lignes:\n  ovh:\n    opérateur: sip.exemple.fr\n    identifiant: "0033199004712"\n'
        '    numéros: ["01 99 00 47 12"]\n    compose: 06…\n    chiffrée: oui\n'
    )
    (ovh,) = trunks_yaml.load(path)
    assert ovh == replace(OVH, host="sip.exemple.fr", dialling="national", encrypted=True)
    assert ovh.dialled("+33639981234") == "0639981234"
    assert ovh.dialled("+41225551234") == "0041225551234"


@pytest.mark.parametrize(
    "wrong",
    ["opérateur: sip.exemple.fr\\n[x]", 'identifiant: "a@b;c"', "adresses: [tout le monde]", "motdepasse: x"],
)
def test_a_line_that_cannot_be_is_told(tmp_path, wrong):
    path = tmp_path / "lines.yaml"
    path.write_text(f"lignes:\n  ovh:\n    {wrong}\n" + ("" if "opér" in wrong else "    opérateur: a.fr\n"))
    with pytest.raises(FaultyFile):
        trunks_yaml.load(path)


def test_every_sound_is_there_and_the_hold_comes_back_every_fifteen_seconds(tmp_path):
    sounds.prepare(tmp_path)
    for name in ("brief", "lost", "accept", "voicemail", "hold/hold", "rescue/rescue"):
        assert abs(sounds.read(tmp_path / f"{name}.wav")).max() > 0.1, name
    for name in ("hold/hold", "rescue/rescue"):
        assert len(sounds.read(tmp_path / f"{name}.wav")) == 15 * sounds.RATE
    before = (tmp_path / "accept.wav").stat().st_mtime_ns
    sounds.prepare(tmp_path)
    assert (tmp_path / "accept.wav").stat().st_mtime_ns == before
