"""Check the subjects of new commits: `app: Verb object`, imperative, at most 72 characters, no final period.

A commit that renames in several apps names them all: `portal, service: Verb object`.

New are the commits that the upstream branch doesn't have and that came after BASE. Without git, or where a shallow
clone lacks BASE, there is nothing to check.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The last commit before this check existed.
BASE = "47342e9f044a5ce893c75ab897e94fe40b6565b4"
LONGEST = 72
_APP = r"[a-z][a-z0-9/_-]{0,30}"
_SUBJECT = re.compile(rf"{_APP}(?:, {_APP}){{0,5}}: (?P<verb>[A-Z][A-Za-z-]{{1,30}}),? \S.{{0,200}}")
_NO_IMPERATIVE = re.compile(r"[A-Za-z]{1,30}(?:ed|ing|[^s]s)", re.ASCII)
# Imperatives that end as other forms do.
_IMPERATIVES = frozenset("Alias Bring Embed Feed Focus Need Proceed Seed Shed Speed String".split())


def subject_problem(subject: str) -> str:
    """Return what is wrong with a commit subject; "" if nothing is."""
    if len(subject) > LONGEST:
        return f"it has {len(subject)} characters, {LONGEST} are allowed"
    if subject.endswith("."):
        return "it ends in a period"
    match = _SUBJECT.fullmatch(subject)
    if match is None:
        return "it is not written as “app: Verb object”"
    if match["verb"] not in _IMPERATIVES and _NO_IMPERATIVE.fullmatch(match["verb"]):
        return f"“{match['verb']}” is no imperative"
    return ""


def new_subjects(root: Path = ROOT) -> list[str]:
    """Return the subjects of the new commits, newest first."""
    excluded = [name for name in (BASE, "@{upstream}") if _is_commit(root, name)]
    if not excluded:
        return []
    return _git(root, "log", "--no-merges", "--format=%s", "HEAD", "--not", *excluded).splitlines()


def _is_commit(root: Path, name: str) -> bool:
    return _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") != ""


def _git(root: Path, *arguments: str) -> str:
    """Return the output of a git command; "" where it fails."""
    try:
        process = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    if process.returncode:
        return ""
    return process.stdout


def main() -> int:
    problems = [f"{subject}\n  {why}" for subject in new_subjects() if (why := subject_problem(subject))]
    sys.stdout.write("\n".join([*problems, ""]))
    if problems:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
