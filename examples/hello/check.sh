#!/usr/bin/env bash
# Asks a deployment whether it is well and which version it is: check.sh <url> <version>
# CURL_OPTIONS are further options of curl, as in "--connect-to ::127.0.0.1:8080" for the local AWS.
set -euo pipefail

url=${1:?"usage: check.sh <url> <version>"}
version=${2:?"usage: check.sh <url> <version>"}
read -ra options <<<"${CURL_OPTIONS:-}"

ask() {
  # A record that is new may take a moment to be known.
  curl --fail --silent --show-error --max-time 5 --retry 3 --retry-delay 1 --retry-all-errors "${options[@]}" "$1"
}

ask "$url/health" >/dev/null
answer=$(ask "$url/")
if [[ $answer != *"$version"* ]]; then
  echo "$url/ is not version $version; it answered: $answer" >&2
  exit 1
fi
echo "$url/ is well, and is version $version"
