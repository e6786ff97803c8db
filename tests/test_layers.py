"""Imports point one way: app → pipeline | telephony | adapters → conversation → ports → domain."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "errors": set(),
    "domain": {"errors"},
    "ports": {"domain", "errors"},
    "settings": {"errors"},
    "thinking": {"ports", "domain", "errors"},
    "conversation": {"thinking", "ports", "domain", "errors"},
    "adapters": {"conversation", "ports", "domain", "errors", "settings"},
    "pipeline": {"conversation", "ports", "domain", "errors", "settings"},
    "telephony": {"conversation", "ports", "domain", "errors", "settings"},
    "app": {"pipeline", "telephony", "adapters", "conversation", "ports", "domain", "errors", "settings"},
}
DOMAIN_MAY_USE = {
    "rapidfuzz",
    "dateparser",
    "text_to_num",
    "phonenumbers",
    "holidays",
    "vacances_scolaires_france",
}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(module: str) -> str | None:
    if module.split(".")[0] == "telephony":
        return "telephony"
    parts = module.split(".")
    return parts[1] if parts[0] == "voicebot" and len(parts) > 1 else None


def modules():
    for package in ("voicebot", "telephony"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, room(".".join(path.relative_to(ROOT).with_suffix("").parts))


def test_imports_point_one_way():
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path, here in modules()
        if here in MAY_IMPORT
        for module in imports_of(path)
        if (there := room(module)) in MAY_IMPORT and there != here and there not in MAY_IMPORT[here]
    ]
    assert not wrong, wrong


def test_only_pipeline_and_telephony_know_pipecat():
    wrong = [
        str(path.relative_to(ROOT))
        for path, here in modules()
        if here not in ("pipeline", "telephony")
        and any(m.split(".")[0] == "pipecat" for m in imports_of(path))
    ]
    assert not wrong, wrong


def test_domain_is_pure():
    import sys

    allowed = set(sys.stdlib_module_names) | DOMAIN_MAY_USE | {"voicebot"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path, here in modules()
        if here == "domain"
        for module in imports_of(path)
        if module.split(".")[0] not in allowed or module.split(".")[0] in {"asyncio", "socket", "sqlite3"}
    ]
    assert not wrong, wrong
