import { optionTable, type OptionEntry, type OptionName } from "../command-line/options.ts";
import {
  common,
  entriesOf,
  flatPrefixes,
  folderFiles,
  options,
  quoted,
  templateExtensions,
  verbs,
  verbsNaming,
  verbsWithWords,
} from "./tables.ts";

/** The completion script of zsh, 5.0 and newer: to be sourced, or put as `_deploy` into a folder of `fpath`. */
export function zshScript(environments: readonly string[]): string {
  const withValue = options.filter(([, { type }]) => type === "string").map(([name]) => `--${name}`);
  const repeatable = options.filter(([, { multiple }]) => multiple === true).map(([name]) => `--${name}`);
  return `#compdef deploy
# Completion of ./deploy for zsh: source <(./deploy completion zsh)

_slipway_offer_services() {
  local -a files found
  files=( "$templates"/*/(${folderFiles.join("|")}).(${templateExtensions.join("|")})(N.) )
  found=( \${files:h:t} )
  files=( "$templates"/(${flatPrefixes.join("|")})*.(${templateExtensions.join("|")})(N.) )
  files=( \${files:t:r} )
${flatPrefixes.map((prefix) => `  files=( \${files#${prefix}} )`).join("\n")}
  found+=( $files )
  found=( \${\${(u)found}:|used} )
  _describe -t services 'service' found
}

_slipway_deploy() {
  local verb='' skip='' ended='' templates=templates word
  local -a used offers
  local -i names=0 at
  for (( at = 2; at < CURRENT; at++ )); do
    word=\${(Q)words[at]}
    if [[ -n $skip ]]; then
      [[ $skip == --templates ]] && templates=\${word/#\\~\\//$HOME/}
      skip=''
      continue
    fi
    case $word in
      --) ended=1 ;;
      --templates=*) templates=\${\${word#*=}/#\\~\\//$HOME/} ;;
      ${withValue.join("|")}) skip=$word ;;
    esac
    case $word in
      ${repeatable.join("|")}) ;;
      -*) used+=( \${word%%=*} ) ;;
      *)
        if [[ -z $verb ]]; then
          verb=$word
        else
          names+=1
          used+=( $word )
        fi
        ;;
    esac
  done
  if [[ -z $skip && -z $ended && $words[CURRENT] == --*=* ]]; then
    skip=\${words[CURRENT]%%=*}
    compset -P '*='
  fi

  if [[ -n $skip ]]; then
    used=()
    case $skip in
${options.flatMap(([name]) => valueCase(name, environments)).join("\n")}
    esac
    return
  fi
  [[ -n $ended ]] && return
  if [[ $words[CURRENT] == -* ]]; then
    case $verb in
${verbs.map(([verb]) => `      ${verb}) offers=( ${described(entriesOf(verb))} ) ;;`).join("\n")}
      *) offers=( ${described(common.map((name) => [name, optionTable[name]]))} ) ;;
    esac
    for word in $used; do offers=( \${offers:#$word:*} ); done
    _describe -o 'option' offers
    return
  fi
  case $verb in
    '')
      offers=( ${verbs.map(([verb, { help }]) => quoted(`${verb}:${help}`)).join(" ")} )
      _describe -t commands 'command' offers
      ;;
    ${verbsNaming("services").join("|")}) _slipway_offer_services ;;
    ${verbsNaming("service").join("|")}) (( names )) || _slipway_offer_services ;;
${verbsWithWords.map(([verb, words]) => `    ${verb}) (( names )) || compadd -- ${words.join(" ")} ;;`).join("\n")}
  esac
}

if [[ $funcstack[1] == _deploy ]]; then
  _slipway_deploy "$@"
else
  compdef _slipway_deploy deploy
fi
`;
}

function described(entries: readonly (readonly [OptionName, OptionEntry])[]): string {
  return entries.map(([name, { help }]) => quoted(`--${name}:${help.replaceAll(":", "\\:")}`)).join(" ");
}

function valueCase(name: OptionName, environments: readonly string[]): readonly string[] {
  const entry: OptionEntry = optionTable[name];
  if (entry.offers === undefined) return [];
  if (entry.offers === "environments") return [`      --${name}) compadd -- ${environments.join(" ")} ;;`];
  if (entry.offers === "services") return [`      --${name}) _slipway_offer_services ;;`];
  if (entry.offers === "folders") return [`      --${name}) _files -/ ;;`];
  return [`      --${name}) compadd -- ${entry.offers.join(" ")} ;;`];
}
