import type { OptionEntry, OptionName } from "../command-line/options.ts";
import {
  common,
  flatPrefixes,
  folderFiles,
  options,
  quoted,
  templateExtensions,
  verbs,
  verbsNaming,
  verbsWithWords,
} from "./tables.ts";

/** The completion script of fish, 3.0 and newer. */
export function fishScript(environments: readonly string[]): string {
  const withValue = options.filter(([, { type }]) => type === "string").map(([name]) => `--${name}`);
  return `# Completion of ./deploy for fish: ./deploy completion fish | source

# The words before the cursor that are neither options nor their values: the command, then names.
function __slipway_words
    set -l skip
    for word in (commandline -opc)[2..-1]
        if set -q skip[1]
            set -e skip
        else
            switch $word
                case --
                    return
                case ${withValue.join(" ")}
                    set skip $word
                case '-*'
                case '*'
                    printf '%s\\n' $word
            end
        end
    end
end

function __slipway_verb_is
    set -l words (__slipway_words)
    set -q words[1]; and contains -- $words[1] $argv
end

function __slipway_needs_verb
    set -l words (__slipway_words)
    not set -q words[1]; and not contains -- -- (commandline -opc)
end

function __slipway_has_no_name
    set -l words (__slipway_words)
    not set -q words[2]; and not contains -- -- (commandline -opc)
end

function __slipway_templates
    set -l tokens (commandline -opc)
    for at in (seq (count $tokens))
        switch $tokens[$at]
            case '--templates=*'
                string replace -- --templates= '' $tokens[$at]
                return
            case --templates
                set -q tokens[(math $at + 1)]; and echo $tokens[(math $at + 1)]; and return
        end
    end
    echo templates
end

function __slipway_services
    set -l folder (string replace -r '^~/' "$HOME/" -- (__slipway_templates))
    set -l found
    for file in $folder/*/{${folderFiles.join(",")}}.{${templateExtensions.join(",")}}
        test -f $file; and set -a found (string replace -r '.*/([^/]+)/[^/]+$' '$1' -- $file)
    end
    for file in $folder/{${flatPrefixes.join(",")}}*.{${templateExtensions.join(",")}}
        test -f $file
        and set -a found (string replace -r '^.*/(${flatPrefixes.join("|")})(.*)\\.[^.]+$' '$2' -- $file)
    end
    set -l words (__slipway_words)
    set -q found[1]; or return
    for name in (printf '%s\\n' $found | sort -u)
        contains -- $name $words[2..-1]; or printf '%s\\n' $name
    end
end

complete -c deploy -f
${verbs.map(([verb, { help }]) => `complete -c deploy -n __slipway_needs_verb -a ${verb} -d ${quotedForFish(help)}`).join("\n")}
complete -c deploy -n '__slipway_verb_is ${verbsNaming("services").join(" ")}' -a '(__slipway_services)'
complete -c deploy -n '__slipway_verb_is ${verbsNaming("service").join(" ")}; and __slipway_has_no_name' -a '(__slipway_services)'
${verbsWithWords
  .map(
    ([verb, words]) =>
      `complete -c deploy -n '__slipway_verb_is ${verb}; and __slipway_has_no_name' -a ${quoted(words.join(" "))}`,
  )
  .join("\n")}
${options.map(([name, entry]) => optionLine(name, entry, environments)).join("\n")}
`;
}

function optionLine(name: OptionName, entry: OptionEntry, environments: readonly string[]): string {
  const takers = verbs.filter(([, { options }]) => (options as readonly OptionName[]).includes(name));
  const condition = common.includes(name)
    ? ""
    : ` -n '__slipway_verb_is ${takers.map(([verb]) => verb).join(" ")}'`;
  const short = entry.short === undefined ? "" : ` -s ${entry.short}`;
  const values = entry.type === "boolean" ? "" : ` -x${valuesOf(entry, environments)}`;
  return `complete -c deploy${condition} -l ${name}${short}${values} -d ${quotedForFish(entry.help)}`;
}

function valuesOf({ offers }: OptionEntry, environments: readonly string[]): string {
  if (offers === undefined) return "";
  if (offers === "environments") return ` -a ${quoted(environments.join(" "))}`;
  if (offers === "services") return " -a '(__slipway_services)'";
  if (offers === "folders") return " -a '(__fish_complete_directories)'";
  return ` -a ${quoted(offers.join(" "))}`;
}

/** In fish's single quotes a backslash escapes a quote and itself. */
function quotedForFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
