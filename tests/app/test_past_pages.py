"""Past calls on their pages: who may read what, and a sentence that becomes a rule's example."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.on_show import NOW, PRACTICE, browsing, logged_in, service
from tests.app.test_replay import Records, said
from voicebot.adapters import rules_yaml
from voicebot.app.books import Books
from voicebot.app.feedback import Feedback
from voicebot.app.past_calls import PastCalls
from voicebot.domain.events import Said, TurnRetracted
from voicebot.errors import Unavailable

RULES = """
rules:
  - id: poitrine
    title: Douleur dans la poitrine
    level: emergency
    words: [mal à la poitrine]
    examples: [j'ai mal à la poitrine]
  - id: fievre
    title: Fièvre
    level: urgent
    words: [fièvre]
    examples: [il a de la fièvre]
"""
CALLS = {
    "a1": said("Bonjour, je suis Odile Garnier.", "ça me serre, là", rules="4f2ac0ffee12"),
    "b2": said("il a de la fièvre, et <script>alert(1)</script>"),
    "c3": said("je refuse que vous m'enregistriez"),
    "d4": said("encore en ligne"),
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "general.yaml").write_text(RULES, encoding="utf8")
    return tmp_path


@pytest.fixture
def records():
    return Recorded(dict(CALLS), objected={"c3"}, running={"d4"})


class Recorded(Records):
    """As `Records`, listed for a page."""

    async def calls(self, practice, since, limit):
        found = await super().calls(practice, since, None)
        return [replace(call, ended=call.ended and call.started + timedelta(seconds=95)) for call in found]


@pytest.fixture
def parts(folder, records):
    books = Books({"demo": PRACTICE}, rules_yaml.load(folder), None)
    return service(past=PastCalls(records, lambda: books, lambda: NOW), feedback=Feedback(folder))


async def text_of(client, path):
    return await (await client.get(path)).text()


async def teach(client, opinion, number=2, call="a1", **fields):
    path = f"/direct/passes/demo/{call}/{number}/{opinion}"
    return await (await client.post(path, data=fields, headers=client.token)).text()


@pytest.mark.parametrize(
    "path", ["/direct/passes", "/direct/passes/demo/a1", "/direct/passes/demo/a1/2/urgent"]
)
async def test_nothing_of_it_without_a_session(parts, path):
    async with browsing(parts) as client:
        answer = await client.get(path)
        assert answer.status == 401 or answer.url.path == "/connexion"
        assert "serre" not in await answer.text()
        assert (await client.post(path)).status in (401, 405)


async def test_the_list_leads_to_calls_that_are_over_and_may_be_read(parts):
    async with logged_in(parts) as client:
        assert "/direct/passes?cabinet=demo" in await text_of(client, "/direct")
        page = await text_of(client, "/direct/passes?cabinet=demo")
    assert "Règles d’urgence non validées" in page
    assert 'href="/direct/passes/demo/a1"' in page
    assert "95&nbsp;s" in page
    assert "refuse la transcription" in page
    for hidden in ("/c3", "/d4", "serre"):
        assert hidden not in page


async def test_a_call_is_shown_with_what_the_rules_of_today_make_of_it(parts):
    async with logged_in(parts) as client:
        page = await text_of(client, "/direct/passes/demo/a1")
        assert "«&nbsp;ça me serre, là&nbsp;»" in page
        assert "<code>4f2ac0ffee12</code>" in page
        assert page.count("rien d’urgent") == 2
        page = await text_of(client, "/direct/passes/demo/b2")
        assert '<span class="badge urgent">Urgent</span> <code>fievre</code>' in page
        assert "<script>alert" not in page
        assert "ne dit pas par quelle version" in page


async def test_what_was_taken_back_is_shown_once(parts, records):
    records.events["a1"] = said("je", TurnRetracted(NOW), "je tousse")
    async with logged_in(parts) as client:
        page = await text_of(client, "/direct/passes/demo/a1")
    assert page.count('class="words"') == 1


async def test_a_journal_that_does_not_fold_any_more_is_shown_all_the_same(parts, records):
    records.events["a1"] = said("bonjour", Said(NOW, None), "je tousse")
    async with logged_in(parts) as client:
        page = await text_of(client, "/direct/passes/demo/a1")
    assert "je tousse" in page
    assert "non relu par les règles" in page


@pytest.mark.parametrize(
    "path", ["c3", "d4", "nowhere", "..%2Fa1", "a1/9/urgent", "a1/0/urgent", "a1/1/peut-etre"]
)
async def test_what_is_not_there_or_not_to_be_read_is_not_found(parts, path):
    async with logged_in(parts) as client:
        answer = await client.get(f"/direct/passes/demo/{path}")
        assert answer.status == 404
        assert "refuse" not in await answer.text()
        assert (await client.get(f"/direct/passes/autre/{path}")).status == 404


async def test_records_that_do_not_answer_are_said_so(parts, records):
    async def down(*_):
        raise Unavailable("down")

    records.calls = down
    async with logged_in(parts) as client:
        assert "ne sont pas accessibles" in await text_of(client, "/direct/passes")
        assert (await client.get("/direct/passes/demo/a1")).status == 503


async def test_who_may_be_named_is_pointed_out_before_anything_is_saved(parts, folder):
    async with logged_in(parts) as client:
        form = await text_of(client, "/direct/passes/demo/a1/1/urgent")
        assert "aucun nom, numéro, adresse" in form
        assert "<mark>Odile</mark>" in form
        assert "<mark>Garnier</mark>" in form
        words = "Bonjour, je suis Odile Garnier."
        refused = await teach(client, "urgent", 1, sentence=words, rule="poitrine")
        assert "désigne peut-être quelqu’un" in refused
        assert not (folder / "practices").exists()
        done = await teach(client, "urgent", 1, sentence="bonjour, j'ai mal à la poitrine", rule="poitrine")
        assert "Enregistré" in done
        sure = await teach(
            client, "urgent", sentence="il a 39 et mal à la poitrine", rule="poitrine", sure="oui"
        )
        assert "Enregistré" in sure
    assert "Odile" not in (folder / "practices" / "demo.yaml").read_text(encoding="utf8")


@pytest.mark.parametrize(
    ("opinion", "sentence", "rule", "told"),
    [
        ("urgent", "j'ai mal à la poitrine et au bras", "poitrine", "La règle la reconnaît."),
        ("urgent", "ça me serre, là", "poitrine", "La règle ne la reconnaît pas encore"),
        ("calme", "de la fièvre au cinéma", "fievre", "La règle agit encore sur elle"),
        ("calme", "je tousse", "fievre", "La règle se tait sur elle."),
    ],
)
async def test_what_the_rule_makes_of_it_is_said_at_once(parts, folder, opinion, sentence, rule, told):
    async with logged_in(parts) as client:
        assert told in await teach(client, opinion, sentence=sentence, rule=rule)
    kind = {"urgent": "examples", "calme": "counter_examples"}[opinion]
    taught = next(each for each in rules_yaml.load(folder, "demo").rules if each.id == rule)
    assert getattr(taught, kind)[-1] == sentence


async def test_the_rule_that_spoke_is_offered_first(parts):
    async with logged_in(parts) as client:
        form = await text_of(client, "/direct/passes/demo/b2/1/calme")
    assert form.index('value="fievre" selected') < form.index('value="poitrine"')
    assert "ne doit pas agir" in form


@pytest.mark.parametrize("sentence", ["", "   ", "x" * 301])
async def test_no_sentence_or_a_speech_is_refused(parts, folder, sentence):
    async with logged_in(parts) as client:
        assert "Écrivez une phrase" in await teach(client, "urgent", sentence=sentence, rule="poitrine")
    assert not (folder / "practices").exists()


async def test_a_rule_is_chosen_by_somebody_never_by_chance(parts, folder):
    async with logged_in(parts) as client:
        assert "selected" not in await text_of(client, "/direct/passes/demo/a1/2/urgent")
        assert "Choisissez la règle" in await teach(client, "urgent", sentence="ça serre", rule="")
    assert not (folder / "practices").exists()


async def test_what_could_not_be_written_keeps_the_sentence_in_the_form(parts, folder):
    (folder / "practices").write_text("")
    async with logged_in(parts) as client:
        form = await teach(client, "urgent", sentence="ça serre", rule="poitrine")
        assert "n’a pas pu être enregistrée" in form
        assert ">ça serre</textarea>" in form
        form = await teach(client, "urgent", sentence="ça serre", rule="nulle_part")
        assert "n&#39;existe pas" in form


async def test_another_site_teaches_nothing(parts, folder):
    async with logged_in(parts) as client:
        path, fields = "/direct/passes/demo/a1/2/urgent", {"sentence": "ça serre", "rule": "poitrine"}
        assert (await client.post(path, data=fields)).status == 403
    assert not (folder / "practices").exists()
