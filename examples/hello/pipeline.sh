#!/usr/bin/env bash
# The pipeline of .github/workflows/deploy.yml for any other CI, and for the local AWS: build, push, stage, test,
# activate, tear down. It runs in the folder that holds ./deploy, and ends with the exit code of what failed.
#
#   ENVIRONMENT  where to, as environments.jsonc names it
#   REPOSITORY   the ECR repository, as in 123456789012.dkr.ecr.us-east-1.amazonaws.com/hello
#   VERSION      the image's tag, which is never given twice (default: the commit)
#   IMAGE        instead of REPOSITORY: an image that is there already; nothing is built
#   CHECK        how the staged version is tested; it gets STAGED_URL and VERSION (default: check.sh)
#   CANARY       the share of the traffic that it gets first (default: 10%); empty for none, as with the first version,
#                which has nobody to share with
#   BAKE         how long that is watched (default: 5m)
#   ALARM        the CloudWatch alarm that puts the traffic back (default: none)
#   TEMPLATES    (default: examples/hello/templates/stage)
set -euo pipefail

: "${ENVIRONMENT:?"is where to deploy to, as environments.jsonc names it"}"
if [ -n "${IMAGE:-}" ]; then
  VERSION=${IMAGE##*:}
else
  : "${REPOSITORY:?"is the ECR repository to push to; or give IMAGE, which is there already"}"
  VERSION=${VERSION:-$(git rev-parse HEAD)}
fi
CHECK=${CHECK:-'examples/hello/check.sh "$STAGED_URL" "$VERSION"'}
CANARY=${CANARY-10%}
BAKE=${BAKE:-5m}
ALARM=${ALARM:-}
TEMPLATES=${TEMPLATES:-examples/hello/templates/stage}
export CONTAINER_VERSION=${IMAGE:-$REPOSITORY:$VERSION} VERSION

scratch=$(mktemp -d)
staged_id=

ended() {
  code=$?
  if [ "$code" -ne 0 ] && [ -n "$staged_id" ]; then
    step "Tear down what did not go live"
    # It is refused where it has traffic.
    ./deploy teardown hello --env "$ENVIRONMENT" --templates "$TEMPLATES" --id "$staged_id" || true
  fi
  rm -rf "$scratch"
  exit "$code"
}
trap ended EXIT

step() { printf '\n== %s\n' "$1" >&2; }

if [ -z "${IMAGE:-}" ]; then
  step "Log in to ECR"
  aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"

  step "Build"
  docker build --build-arg VERSION="$VERSION" --tag "$CONTAINER_VERSION" examples/hello

  step "Push"
  # A tag is pushed once; a pipeline that is run again finds it there.
  aws ecr describe-images --repository-name "${REPOSITORY#*/}" --image-ids imageTag="$VERSION" >/dev/null ||
    docker push "$CONTAINER_VERSION"
fi

step "Stage"
./deploy stage hello --env "$ENVIRONMENT" --templates "$TEMPLATES" --output json >"$scratch/staged.json"
staged_id=$(jq -er .deploymentId "$scratch/staged.json")
STAGED_URL=$(jq -er .url "$scratch/staged.json")
export STAGED_URL

step "Test"
bash -c "$CHECK"

step "Activate"
./deploy activate hello --env "$ENVIRONMENT" --templates "$TEMPLATES" --id "$staged_id" \
  ${CANARY:+--canary "$CANARY" --bake "$BAKE"} ${ALARM:+--alarm "$ALARM"}

step "Tear down"
./deploy teardown hello --env "$ENVIRONMENT" --templates "$TEMPLATES" --all-retired
