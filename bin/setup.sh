# Sourced by the scripts of this folder: makes .venv from uv.lock and sets $root and $python.
# Needs a Python of 3.11 or later and a package index, nothing else: no root, no HOME, no compiler.

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
python="$root/.venv/bin/python"

refuse() {
    echo "${0##*/}: $1" >&2
    exit 1
}

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

find_uv() {
    if command -v uv >/dev/null 2>&1; then
        command -v uv
        return
    fi
    if [ ! -x "$root/.tools/bin/uv" ]; then
        base=$(find_python) || refuse "Python 3.11, 3.12 or 3.13 is needed, and none was found on PATH."
        "$base" -c 'import ensurepip, venv' 2>/dev/null ||
            refuse "this Python cannot make environments: install uv (docs.astral.sh/uv, no root needed), or python3-venv."
        echo "Installing uv into .tools …" >&2
        rm -rf "$root/.tools" &&
            "$base" -m venv "$root/.tools" >&2 &&
            "$root/.tools/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check uv >&2 ||
            refuse "uv could not be installed from the package index."
    fi
    echo "$root/.tools/bin/uv"
}

uv=$(find_uv) || exit 1
# With a HOME that does not exist uv has no place for its cache.
if [ -z "${UV_CACHE_DIR:-}" ] && ! [ -w "${XDG_CACHE_HOME:-${HOME:-/nonexistent}}" ]; then
    UV_CACHE_DIR="$root/.tools/cache"
    export UV_CACHE_DIR
fi
# Trust what the machine trusts, as pip does: a company's proxy signs with its own authority.
for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    [ -r "$bundle" ] && export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" && break
done
[ -x "$python" ] || echo "Installing packages into .venv …" >&2
(cd "$root" && "$uv" sync --frozen --quiet) || refuse "the packages of uv.lock could not be installed."
cd "$root" || exit 1
