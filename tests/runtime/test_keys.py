"""Keys are made once, readable by their owner only, and the same for everybody who asks at once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from runtime import keys


def test_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = keys.secret_key(tmp_path)
    assert len(first) >= 50
    assert keys.secret_key(tmp_path) == first
    assert keys.secret_key(tmp_path / "other") != first


def test_key_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    keys.secret_key(tmp_path)
    keys.login_password(tmp_path, "crm_app")
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["crm_app.password", "secret_key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_all_who_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda _: keys.secret_key(tmp_path), range(64)))
    assert len(answers) == 1
