#!/bin/bash

__hoopx_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__hoopx_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__hoopx_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__hoopx_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_hoopx() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __hoopx_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    run|login|logout|whoami|sessions|audit|doctor|help)
        # Offer subcommand argument completions
        "_hoopx_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'run login logout whoami sessions audit doctor help' -- "${cur}"))
        ;;
    esac
}

_hoopx_run() {
    repeating_flags=()
    non_repeating_flags=(--allow-nested --record-terminal --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--config --identity)
    __hoopx_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    '--identity')
        __hoopx_add_completions -W 'auto'$'\n''oidc'$'\n''github'$'\n''gitlab'$'\n''file'$'\n''env'$'\n''local'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __hoopx_add_completions -W "$(eval 'compgen -c')"
        return
        ;;
    esac
}

_hoopx_login() {
    repeating_flags=()
    non_repeating_flags=(--no-qr --open --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--config --issuer --client-id)
    __hoopx_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    '--issuer')
        return
        ;;
    '--client-id')
        return
        ;;
    esac
}

_hoopx_logout() {
    repeating_flags=()
    non_repeating_flags=(--all --version -h --help)
    repeating_options=()
    non_repeating_options=(--config --issuer --client-id)
    __hoopx_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    '--issuer')
        return
        ;;
    '--client-id')
        return
        ;;
    esac
}

_hoopx_whoami() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--config --issuer --client-id)
    __hoopx_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    '--issuer')
        return
        ;;
    '--client-id')
        return
        ;;
    esac
}

_hoopx_sessions() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __hoopx_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|tail|export)
        # Offer subcommand argument completions
        "_hoopx_sessions_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show tail export' -- "${cur}"))
        ;;
    esac
}

_hoopx_sessions_list() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--principal --since --until --connection --verdict --entity --limit)
    __hoopx_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--principal')
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--connection')
        return
        ;;
    '--verdict')
        __hoopx_add_completions -W 'denied'$'\n''connection'$'\n''tunnel'$'\n''direct'
        return
        ;;
    '--entity')
        return
        ;;
    '--limit')
        return
        ;;
    esac
}

_hoopx_sessions_show() {
    repeating_flags=()
    non_repeating_flags=(--json --full --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __hoopx_offer_flags_options 1
}

_hoopx_sessions_tail() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __hoopx_offer_flags_options 1
}

_hoopx_sessions_export() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--format)
    __hoopx_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--format')
        __hoopx_add_completions -W 'jsonl'$'\n''ocsf'$'\n''otel'$'\n''asciicast'
        return
        ;;
    esac
}

_hoopx_audit() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __hoopx_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    verify|prove|checkpoints|key|prune|hold|release)
        # Offer subcommand argument completions
        "_hoopx_audit_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'verify prove checkpoints key prune hold release' -- "${cur}"))
        ;;
    esac
}

_hoopx_audit_verify() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--key --checkpoint --witness-key)
    non_repeating_options=(--tsa-ca --config)
    __hoopx_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--key')
        return
        ;;
    '--checkpoint')
        __hoopx_add_completions -f
        return
        ;;
    '--tsa-ca')
        __hoopx_add_completions -o plusdirs -fX '!*.@(pem|crt)'
        return
        ;;
    '--witness-key')
        return
        ;;
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    esac
}

_hoopx_audit_prove() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--checkpoint --leaf)
    __hoopx_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--checkpoint')
        __hoopx_add_completions -f
        return
        ;;
    '--leaf')
        __hoopx_add_completions -f
        return
        ;;
    esac
}

_hoopx_audit_checkpoints() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--export)
    __hoopx_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--export')
        __hoopx_add_completions -d
        return
        ;;
    esac
}

_hoopx_audit_key() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __hoopx_offer_flags_options 0
}

_hoopx_audit_prune() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --version -h --help)
    repeating_options=()
    non_repeating_options=(--config)
    __hoopx_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    esac
}

_hoopx_audit_hold() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--reason --config)
    __hoopx_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--reason')
        return
        ;;
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    esac
}

_hoopx_audit_release() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--reason --config)
    __hoopx_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--reason')
        return
        ;;
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    esac
}

_hoopx_doctor() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--config)
    __hoopx_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--config')
        __hoopx_add_completions -o plusdirs -fX '!*.@(yaml|yml)'
        return
        ;;
    esac
}

_hoopx_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __hoopx_offer_flags_options -1
}

complete -o filenames -F _hoopx hoopx
