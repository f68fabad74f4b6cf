#!/bin/sh
# The app of cdktf.json: bundles the stacks first where they are newer than their bundle, then synthesizes them.
# Argument: an environments file other than environments.jsonc.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
bundle=$root/dist/stacks.js
cd "$root"
if [ ! -f "$bundle" ] ||
  [ -n "$(find main.ts stacks scripts/core scripts/project-root.ts scripts/bundle-stacks.js scripts/bundling.js package.json -newer "$bundle" -print -quit)" ]; then
  if [ ! -d "$root/node_modules/esbuild" ]; then
    echo "Slipway's packages are not installed. Run: npm ci" >&2
    exit 2
  fi
  node "$root/scripts/bundle-stacks.js"
fi
exec node "$bundle" "$@"
