import { optionTable, type OptionName } from "../command-line/options.ts";
import {
  common,
  entriesOf,
  flatPrefixes,
  folderFiles,
  options,
  templateExtensions,
  verbs,
  verbsNaming,
  verbsWithWords,
} from "./tables.ts";

/** The completion script of bash, 3.2 and newer. */
export function bashScript(environments: readonly string[]): string {
  const withValue = options.filter(([, { type }]) => type === "string").map(([name]) => `--${name}`);
  const repeatable = options.filter(([, { multiple }]) => multiple === true).map(([name]) => `--${name}`);
  return `# Completion of ./deploy for bash: eval "$(./deploy completion bash)"

_slipway_services() {
  local file name
  for file in "$1"/*/{${folderFiles.join(",")}}.{${templateExtensions.join(",")}}; do
    [[ -f $file ]] || continue
    name=\${file%/*}
    printf '%s\\n' "\${name##*/}"
  done
  for file in "$1"/{${flatPrefixes.join(",")}}*.{${templateExtensions.join(",")}}; do
    [[ -f $file ]] || continue
    name=\${file##*/}
${flatPrefixes.map((prefix) => `    name=\${name#${prefix}}`).join("\n")}
    printf '%s\\n' "\${name%.*}"
  done
}

# Adds to the answers what begins like the word under the cursor and is not on the line yet.
_slipway_offer() {
  local candidate escaped
  for candidate in "$@"; do
    [[ $candidate == "$cur"* ]] || continue
    [[ " $used " == *" $candidate "* ]] && continue
    printf -v escaped '%q' "$candidate"
    COMPREPLY[\${#COMPREPLY[@]}]=$escaped
  done
}

_slipway_offer_services() {
  local name seen=''
  while IFS= read -r name; do
    [[ "$seen" == *"/$name/"* ]] && continue
    seen="$seen/$name/"
    _slipway_offer "$name"
  done < <(_slipway_services "$templates")
}

_slipway_deploy() {
  local cur=\${COMP_WORDS[COMP_CWORD]} verb='' used='' names=0 templates=templates
  local word at skip='' ended=''
  COMPREPLY=()
  # Bash makes words of --name=value, the name, the equals sign and the value, and of a:b alike.
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ -n $skip ]]; then
      if [[ $word == '=' ]]; then continue; fi
      [[ $skip == --templates ]] && templates=\${word/#\\~\\//$HOME/}
      skip=''
      continue
    fi
    if [[ $word == ':' ]]; then
      at=$((at + 1))
      continue
    fi
    case $word in
      --) ended=1 ;;
      ${withValue.join("|")}) skip=$word ;;
    esac
    case $word in
      ${repeatable.join("|")}) ;;
      -*) used="$used $word" ;;
      *)
        if [[ -z $verb ]]; then
          verb=$word
        else
          names=$((names + 1))
          used="$used $word"
        fi
        ;;
    esac
  done
  if [[ -n $skip ]]; then
    [[ $cur == '=' ]] && cur=''
    used=''
    case $skip in
${options.flatMap(([name]) => valueCase(name, environments)).join("\n")}
    esac
    return
  fi
  [[ -n $ended ]] && return
  if [[ $cur == -* ]]; then
    case $verb in
${verbs
  .map(
    ([verb]) =>
      `      ${verb}) _slipway_offer ${entriesOf(verb)
        .map(([name]) => `--${name}`)
        .join(" ")} ;;`,
  )
  .join("\n")}
      *) _slipway_offer ${common.map((name) => `--${name}`).join(" ")} ;;
    esac
    return
  fi
  case $verb in
    '') _slipway_offer ${verbs.map(([verb]) => verb).join(" ")} ;;
    ${verbsNaming("services").join("|")}) _slipway_offer_services ;;
    ${verbsNaming("service").join("|")}) [[ $names -gt 0 ]] || _slipway_offer_services ;;
${verbsWithWords.map(([verb, words]) => `    ${verb}) [[ $names -gt 0 ]] || _slipway_offer ${words.join(" ")} ;;`).join("\n")}
  esac
}

complete -F _slipway_deploy deploy ./deploy
`;
}

function valueCase(name: OptionName, environments: readonly string[]): readonly string[] {
  const entry = optionTable[name];
  const offers = "offers" in entry ? entry.offers : undefined;
  if (offers === undefined) return [];
  if (offers === "environments") return [`      --${name}) _slipway_offer ${environments.join(" ")} ;;`];
  if (offers === "services") return [`      --${name}) _slipway_offer_services ;;`];
  if (offers !== "folders") return [`      --${name}) _slipway_offer ${offers.join(" ")} ;;`];
  return [
    `      --${name})
        while IFS= read -r word; do COMPREPLY[\${#COMPREPLY[@]}]=$word; done < <(compgen -d -- "$cur")
        compopt -o filenames 2>/dev/null || :
        ;;`,
  ];
}
