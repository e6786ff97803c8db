"""Puts the two scripts the live page loads (htmx and its SSE extension) where the server can serve them.

`python -m voicebot.app.vendor` at set-up: npm fetches what `web/package-lock.json` pins and checks each
package against its sha512; a second run with the same lock does nothing. `--tests` adds axe-core.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from voicebot.errors import Faulty

HERE = Path(__file__).parent
WEB = HERE.parent.parent / "web"
VENDOR = HERE / "static" / "vendor"
SCRIPTS = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "sse.min.js": "htmx-ext-sse/dist/sse.min.js",
}
FETCH_S = 300


def missing() -> tuple[str, ...]:
    """Names of the scripts that are not there yet."""
    return tuple(name for name in SCRIPTS if not (VENDOR / name).is_file())


def require() -> None:
    """Raises Faulty, with what to do, if the live page could not work."""
    if missing():
        raise Faulty(f"The pages' scripts are missing ({', '.join(missing())}): run `make setup`.")


def fetch(*, tests: bool) -> None:
    """Fetch with npm what the lock pins, then copy the scripts. Raises Faulty when npm is absent or fails."""
    npm = shutil.which("npm")
    if npm is None:
        raise Faulty("npm is missing: install Node.js (Debian: apt-get install npm), then run it again.")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += [] if tests else ["--omit=dev"]
    try:
        subprocess.run(command, cwd=WEB, check=True, timeout=FETCH_S, stdout=sys.stderr)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
        raise Faulty(
            f"npm could not fetch the pages' scripts ({failure}): see its message above."
        ) from failure
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in SCRIPTS.items():
        shutil.copyfile(WEB / "node_modules" / source, VENDOR / name)
    shutil.copyfile(WEB / "package-lock.json", VENDOR / ".lock")


def fresh(*, tests: bool) -> bool:
    """The scripts in place are those of the present lock."""
    stamp = VENDOR / ".lock"
    return (
        not missing()
        and stamp.is_file()
        and stamp.read_bytes() == (WEB / "package-lock.json").read_bytes()
        and (not tests or (WEB / "node_modules" / "axe-core" / "axe.min.js").is_file())
    )


def main() -> int:
    """Exit code 2: a person has something to mend, and was told what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also fetch axe-core, which the tests need")
    tests = parser.parse_args().tests
    try:
        if not fresh(tests=tests):
            fetch(tests=tests)
    except Faulty as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
