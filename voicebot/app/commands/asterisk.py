"""The telephone exchange: generate its configuration, list the telephones, make its recordings."""

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from telephony.asterisk import configuration, installation, sounds
from telephony.asterisk.assembled import assemble
from telephony.asterisk.configuration import Installation
from voicebot.adapters import models, practice_yaml, trunks_yaml, yaml_source
from voicebot.adapters.phone_audio import resampled
from voicebot.adapters.tts_kokoro import RATE, VOICE, Kokoro
from voicebot.domain.french.spoken import spoken
from voicebot.domain.practice import Practice
from voicebot.errors import Faulty
from voicebot.settings import Settings

PAUSE_S = 0.25
"""Between two sentences of the exchange's own."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One action and its options."""
    actions = parser.add_subparsers(dest="action", required=True)
    config = actions.add_parser("config", help="write Asterisk's configuration from the practices")
    config.add_argument("--out", type=Path, help="another folder for the files; for an Asterisk of your own")
    config.add_argument("--force", action="store_true", help="also over files that were edited by hand")
    actions.add_parser("phones", help="user names and passwords of the practices' telephones")
    actions.add_parser("install", help="find or install Asterisk, and say where it is")
    actions.add_parser("sounds", help="speak the exchange's own sentences again (sounds/sentences.yaml)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0; 1 when a file edited by hand was left as it was. Raises Faulty."""
    if args.action == "install":
        print(asyncio.run(installation.find(settings.asterisk, settings.cache / "asterisk")).program)
        return 0
    if args.action == "sounds":
        return _sounds(settings)
    practices = tuple(practice_yaml.load_all(settings.practices).values())
    if args.action == "phones":
        return _phones(practices, settings)
    return _config(practices, settings, args.out, force=args.force)


def _config(practices: Sequence[Practice], settings: Settings, out: Path | None, *, force: bool) -> int:
    if not any(practice.numbers for practice in practices):
        raise Faulty("Aucun cabinet n'a de « numéros » : il n'y a pas de standard à configurer.")
    found = None if out or settings.telephone == "own" else _found(settings)
    made = assemble(practices, settings, trunks_yaml.load(settings.lines), found, out=out, force=force)
    for warning in made.warnings:
        print(warning, file=sys.stderr)
    for name in made.written.changed:
        print(f"écrit    {(out or made.folder / 'etc') / name}")
    for name, diff in made.written.diffs.items():
        print(f"\n{name} a été modifié à la main : il reste tel quel (--force pour l'écraser).\n{diff}")
    if not made.written.changed and not made.written.diffs:
        print("Tout est déjà à jour.")
    return 1 if made.written.diffs else 0


def _found(settings: Settings) -> Installation:
    return asyncio.run(installation.find(settings.asterisk, settings.cache / "asterisk"))


def _phones(practices: Sequence[Practice], settings: Settings) -> int:
    trunks = trunks_yaml.load(settings.lines)
    made = assemble(practices, settings, trunks, None if settings.telephone == "own" else _found(settings))
    names = {target.id: target.name for practice in practices for target in practice.targets}
    print(f"Serveur : l'adresse de cette machine, port {settings.sip_port} (UDP ou TCP)")
    for phone in configuration.phones(practices):
        print(f"{phone}\tmot de passe {made.secrets.phones[phone]}\t({names[phone]})")
    return 0


def _sounds(settings: Settings) -> int:
    """Somebody watches: nothing here has a deadline, unlike what is spoken in a call."""
    found = models.locate(settings)
    kokoro = Kokoro(found.kokoro, found.voices)
    pause = np.zeros(int(PAUSE_S * sounds.RATE), np.float32)
    for name, text in yaml_source.parse(sounds.SHIPPED / "sentences.yaml").data.items():
        parts = []
        for sentence in re.split(r"(?<=[.:]) ", text):
            said = kokoro.render(spoken(sentence), kokoro.voice(VOICE), settings.speech_speed)
            parts += [resampled(said, RATE, sounds.RATE), pause]
        whole = np.concatenate(parts[:-1])
        soundfile.write(sounds.SHIPPED / f"{name}.wav", whole, sounds.RATE, subtype="PCM_16")
        print(f"{name}.wav  {len(whole) / sounds.RATE:.1f} s", flush=True)
    return 0
