#!/bin/sh
# Makes stand-ins of the images that Dockerfile and docker-compose.yml name, for machines that reach Debian's packages
# and the Python package index but no registry of images. Needs root, podman and debootstrap:
#   docker/local/make_images.sh
# Prints the variables that make the build and compose use them.
set -eu
cd "$(dirname -- "$0")/../.."
suite=${SUITE:-trixie}

# A company's proxy signs with its own authority, which the images do not trust.
trust=""
[ -z "${SSL_CERT_FILE:-}" ] || trust="--volume=$SSL_CERT_FILE:/etc/ssl/certs/ca-certificates.crt:ro"

if ! podman image exists localhost/throughline-debian; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT INT TERM
    debootstrap --variant=minbase "$suite" "$folder/root" >&2
    tar --directory "$folder/root" --create . | podman import --change CMD=/bin/sh - localhost/throughline-debian >&2
fi
for name in python postgres valkey; do
    # shellcheck disable=SC2086 # empty or one word
    podman build --network=host $trust --tag "localhost/throughline-$name" --file "docker/local/$name.Dockerfile" \
        --ignorefile docker/local/ignore . >&2
done
printf '%s=localhost/throughline-%s\n' PYTHON_IMAGE python POSTGRES_IMAGE postgres VALKEY_IMAGE valkey
