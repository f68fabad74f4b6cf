# Sourced by the launchers, which set $root: runs one program of dist/, bundling first what is missing or out of date.
# Exit 2 is the contract's code for a set-up that cannot work.
launch() {
  program=$1
  shift
  bundle=$root/dist/$program.js
  if ! command -v node >/dev/null; then
    echo "Node.js is not installed. Slipway needs 20.11 or newer: https://nodejs.org/en/download" >&2
    exit 2
  fi
  # The sources are absent where only the bundle was installed; then there is nothing to compare.
  if [ ! -f "$bundle" ] || [ -n "$(find "$root/scripts" "$root/package.json" -newer "$bundle" -print -quit)" ]; then
    if [ ! -d "$root/node_modules/esbuild" ]; then
      echo "Slipway's packages are not installed. Run: npm ci" >&2
      exit 2
    fi
    node "$root/scripts/build.js" || exit 2
  fi
  export AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
  exec node "$bundle" "$@"
}
