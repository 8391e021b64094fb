"""What collectstatic makes of the static files, and how pages link and browsers get it."""

import gzip
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.management import call_command
from django.template import engines
from django.test import Client

from crm.web.design import bundles
from crm.web.templatetags import look
from runtime import assets
from tests.cast import HOUSE, Cast

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
STORAGE = "crm.web.design.static_storage.StaticStorage"
PAGES = (f"/{HOUSE}/leads/", f"/{HOUSE}/leads/board/", f"/{HOUSE}/followups/", f"/{HOUSE}/settings/", "/account/login/")
LINKED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
# A rule of bare classes, whatever the width of the screen.
RULE = re.compile(r"^  (\.[\w-]+(?:, \.[\w-]+)*) \{([^{}]*)\}", re.MULTILINE)
NO_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


def _forget() -> None:
    """Forget what pages of this process were drawn with."""
    for tag in (look.styles, look.frame_scripts, look.scripts, look.icon, look.htmx_script):
        tag.cache_clear()
    for loader in engines["django"].engine.template_loaders:
        loader.reset()


@pytest.fixture(scope="module")
def collected_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this file's tests collect: what is compressed once is not compressed again."""
    return tmp_path_factory.mktemp("collected")


@pytest.fixture
def collect(settings: Any, collected_files: Path) -> Iterator[Callable[[], Path]]:
    """Collect the static files as the demo and production do, and serve pages with them."""
    settings.STATIC_ROOT = collected_files
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": STORAGE}}
    _forget()

    def collected() -> Path:
        call_command("collectstatic", interactive=False, verbosity=0)
        return collected_files

    yield collected
    _forget()


def _linked(page: str) -> list[str]:
    """The addresses of a page's style sheets and scripts, where scripts run."""
    return LINKED.findall(NO_SCRIPT.sub("", page))


@cache
def _scripts_of_templates() -> set[str]:
    tags = "".join(
        re.findall(r"{% scripts [^%]*%}", "".join(path.read_text() for path in ROOT.glob("templates/**/*.html")))
    )
    return set(re.findall(r'"([^"]+)"', tags))


def test_every_style_sheet_is_in_the_bundle() -> None:
    lying = {path.relative_to(STATIC / "css").with_suffix("").as_posix() for path in STATIC.glob("css/**/*.css")}
    assert {*bundles.STYLES, *bundles.CUSTOMER_STYLES, *bundles.PAGE_STYLES, "noscript"} == lying
    for bundle in (bundles.STYLES, bundles.CUSTOMER_STYLES):
        assert len(set(bundle)) == len(bundle)
        assert bundle[0] == "layers"


def test_no_class_looks_as_two_files_say() -> None:
    """All of them are one file: what the last one says of a class is said of the others' elements too."""
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for file in bundles.STYLES:
        for names, body in RULE.findall((STATIC / f"css/{file}.css").read_text()):
            pairs = [pair.partition(":")[::2] for pair in body.split(";") if ":" in pair]
            for key, value in (
                ((name, what.strip()), how.strip()) for name in names.split(", ") for what, how in pairs
            ):
                before, first = said.setdefault(key, (value, file))
                assert value == before or file == first, f"{key} in {first} and {file}"


def test_every_script_is_in_the_bundle_or_named_by_a_page() -> None:
    lying = {path.stem for path in STATIC.glob("js/*.js")}
    assert {*bundles.SCRIPTS, *bundles.CUSTOMER_SCRIPTS} | _scripts_of_templates() == lying


def test_every_script_keeps_its_names_to_itself() -> None:
    """In the bundle each stands in a block: a name for another script would work in development alone."""
    open_to_others = re.compile(r"^(?:const|let|var|function|class|import|export|async)\b", re.MULTILINE)
    assert [path.name for path in STATIC.glob("js/*.js") if open_to_others.search(path.read_text())] == []


def test_styles_lose_their_comments_and_layout_alone() -> None:
    sheets = [
        '/* Says why. */\n@layer a {\n  .b { margin: 0; } /* here */\n\n  .c::after { content: "a  b"; }\n}\n',
        "p {}",
    ]
    assert bundles.join_styles(sheets) == '@layer a {\n.b { margin: 0; }\n.c::after { content: "a  b"; }\n}\np {}\n'


def test_no_style_makes_the_browser_look_at_the_whole_page_again() -> None:
    """`:has(…)` before anything at all (`*`, `:nth-child`): whatever is added anywhere, each element is styled anew."""
    found = []
    for sheet in STATIC.glob("css/**/*.css"):
        for selector in re.findall(r"([^{};]*:has\([^{};]*)\{", bundles.join_styles([sheet.read_text()])):
            bare = selector.replace(":is(", "is(")
            while bare != (bare := re.sub(r"\([^()]*\)", "", bare)):
                pass
            subjects = [re.split(r"[\s>+~]+", one.strip())[-1] for one in bare.split(",")]
            found += [f"{sheet.name}: {selector.strip()}" for one in subjects if not re.match(r"[\w.#\[]", one)]
    assert found == []


def test_collecting_is_complete_and_the_same_each_time(collect: Callable[[], Path]) -> None:
    first = collect()
    files = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    collect()
    assert {path: path.read_bytes() for path in first.rglob("*") if path.is_file()} == files
    style = next(first.glob("css/bundle.*.css"))
    for source in bundles.SOURCES[bundles.STYLE_BUNDLE]:
        assert bundles.join_styles([(STATIC / source).read_text()]) in style.read_text()
    script = next(first.glob("js/bundle.*.js")).read_text()
    for source in bundles.SOURCES[bundles.SCRIPT_BUNDLE]:
        assert (STATIC / source).read_text().strip() in script
    assert gzip.decompress(Path(f"{style}.gz").read_bytes()) == style.read_bytes()
    assert brotli.decompress(Path(f"{style}.br").read_bytes()) == style.read_bytes()


def test_a_page_links_one_style_sheet_and_files_that_never_change(collect: Callable[[], Path], cast: Cast) -> None:
    collect()
    client = Client()
    client.force_login(cast.house.rita.user)
    for path in PAGES:
        linked = _linked((client if HOUSE in path else Client()).get(path).content.decode())
        assert len([address for address in linked if address.endswith(".css")]) == 1, path
        assert len(linked) <= 4, path
        for address in linked:
            for encoding in ("br", "gzip"):
                answer = client.get(address, headers={"accept-encoding": f"{encoding}, deflate"})
                assert answer.status_code == 200
                assert "immutable" in answer["Cache-Control"]
                assert "max-age=315360000" in answer["Cache-Control"]
                assert (answer["Content-Encoding"], answer["Vary"]) == (encoding, "Accept-Encoding")


def test_a_developer_gets_the_files_as_they_lie(collect: Callable[[], Path], settings: Any) -> None:
    settings.DEBUG = True
    linked = _linked(Client().get("/account/login/").content.decode())
    assert [f"/static/{name}" for name in bundles.SOURCES[bundles.STYLE_BUNDLE]] == linked[: len(bundles.STYLES)]


@pytest.mark.parametrize("name", ["static/css/tokens.css", "crm/web/design/bundles.py", "crm/web/design/icons.py"])
def test_a_change_of_what_files_are_made_of_is_seen(tmp_path: Path, name: str) -> None:
    for also in (*assets.ALSO, name):
        (tmp_path / also).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / also).write_text("before")
    before = assets.static_fingerprint(tmp_path)
    (tmp_path / name).write_text("it is longer now")
    assert assets.static_fingerprint(tmp_path) != before
