function __hoopx_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hoopx_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __hoopx_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __hoopx_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __hoopx_parse_tokens -S
    set -l unparsed_tokens (__hoopx_tokens -pc)
    switch $unparsed_tokens[1]
    case 'hoopx'
        __hoopx_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'run'
            __hoopx_parse_subcommand -r 1 'config=' 'identity=' 'allow-nested' 'record-terminal' 'v/verbose' 'version' 'h/help'
        case 'login'
            __hoopx_parse_subcommand 0 'config=' 'issuer=' 'client-id=' 'no-qr' 'open' 'force' 'version' 'h/help'
        case 'logout'
            __hoopx_parse_subcommand 0 'all' 'config=' 'issuer=' 'client-id=' 'version' 'h/help'
        case 'whoami'
            __hoopx_parse_subcommand 0 'config=' 'issuer=' 'client-id=' 'json' 'version' 'h/help'
        case 'sessions'
            __hoopx_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __hoopx_parse_subcommand 0 'principal=' 'since=' 'until=' 'connection=' 'verdict=' 'entity=' 'json' 'limit=' 'version' 'h/help'
            case 'show'
                __hoopx_parse_subcommand 1 'json' 'full' 'version' 'h/help'
            case 'tail'
                __hoopx_parse_subcommand 1 'json' 'version' 'h/help'
            case 'export'
                __hoopx_parse_subcommand -r 1 'format=' 'version' 'h/help'
            end
        case 'audit'
            __hoopx_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'verify'
                __hoopx_parse_subcommand 0 'key=+' 'checkpoint=+' 'tsa-ca=' 'witness-key=+' 'config=' 'json' 'version' 'h/help'
            case 'prove'
                __hoopx_parse_subcommand 1 'checkpoint=' 'leaf=' 'json' 'version' 'h/help'
            case 'checkpoints'
                __hoopx_parse_subcommand 0 'export=' 'json' 'version' 'h/help'
            case 'key'
                __hoopx_parse_subcommand 0 'version' 'h/help'
            case 'prune'
                __hoopx_parse_subcommand 0 'dry-run' 'config=' 'version' 'h/help'
            case 'hold'
                __hoopx_parse_subcommand 1 'reason=' 'config=' 'version' 'h/help'
            case 'release'
                __hoopx_parse_subcommand 1 'reason=' 'config=' 'version' 'h/help'
            end
        case 'doctor'
            __hoopx_parse_subcommand 0 'config=' 'json' 'version' 'h/help'
        case 'help'
            __hoopx_parse_subcommand -r 1 'version'
        end
    end
end

function __hoopx_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __hoopx_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __hoopx_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __hoopx_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__hoopx_tokens -p)
    if test -z "$(__hoopx_tokens -t)"
        set -l index (count (__hoopx_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'hoopx' -f
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'run' -d 'Runs a command under supervision.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'login' -d 'Logs you in at the identity provider.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'logout' -d 'Revokes your login and forgets it.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'whoami' -d 'Tells whom a session acts for, and who vouches for it.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'sessions' -d 'Shows what was recorded.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'audit' -d 'Verifies the record, proves single events, and deletes what is old.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'doctor' -d 'Tells what this machine can enforce.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" identity' -l 'identity' -d 'Where the session\'s identity comes from, instead of the configuration\'s identity.provider.' -rfka 'auto oidc github gitlab file env local'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" allow-nested' -l 'allow-nested' -d 'Do without file rules, so that sandboxes inside (bwrap, Chromium\'s) can mount. Recorded as a weakening.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" record-terminal' -l 'record-terminal' -d 'Record what the command shows on its terminal, masked; what is typed is not recorded.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" v verbose' -l 'verbose' -s 'v' -d 'Say on standard error which session this is and how the sandbox is built.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx run" -ge 1' -fka '(compgen -c)'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx login" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx login" issuer' -l 'issuer' -d 'The identity provider, instead of the configuration\'s identity.issuer.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx login" client-id' -l 'client-id' -d 'hoopx\'s name there, instead of the configuration\'s identity.client_id.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx login" no-qr' -l 'no-qr' -d 'Draw no QR code.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx login" open' -l 'open' -d 'Open the address in a browser of this machine (xdg-open).'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx login" force' -l 'force' -d 'Log in even if you are logged in already.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx login" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx login" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx logout" all' -l 'all' -d 'End all logins that are kept, whichever provider and client they are at.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx logout" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx logout" issuer' -l 'issuer' -d 'The identity provider, instead of the configuration\'s identity.issuer.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx logout" client-id' -l 'client-id' -d 'hoopx\'s name there, instead of the configuration\'s identity.client_id.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx logout" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx logout" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx whoami" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx whoami" issuer' -l 'issuer' -d 'The identity provider, instead of the configuration\'s identity.issuer.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx whoami" client-id' -l 'client-id' -d 'hoopx\'s name there, instead of the configuration\'s identity.client_id.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx whoami" json' -l 'json' -d 'Write one JSON object, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx whoami" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx whoami" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx sessions" -eq 1' -fa 'list' -d 'Lists the newest sessions, a line each.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx sessions" -eq 1' -fa 'show' -d 'Shows one session: its conversation and costs, connections, requests and denials.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx sessions" -eq 1' -fa 'tail' -d 'Follows what is recorded, an event a line.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx sessions" -eq 1' -fa 'export' -d 'Writes a session\'s record for other programs, a JSON object a line.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" principal' -l 'principal' -d 'Only sessions of this principal: a name, subject or email.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" since' -l 'since' -d 'Only sessions that began then or later (RFC 3339, a day, or how long ago: 45m, 2h, 3d).' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" until' -l 'until' -d 'Only sessions that began before (RFC 3339, a day, or how long ago: 45m, 2h, 3d).' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" connection' -l 'connection' -d 'Only sessions that used this connection of the configuration.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" verdict' -l 'verdict' -d 'Only sessions of which something was denied, or went by a connection, a tunnel, or directly.' -rfka 'denied connection tunnel direct'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" entity' -l 'entity' -d 'Only sessions in which such a value was masked: CREDIT_CARD.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" json' -l 'json' -d 'Write one JSON object a line, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" limit' -l 'limit' -d 'How many sessions, at most.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions show" json' -l 'json' -d 'Write one JSON object, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions show" full' -l 'full' -d 'Show long texts of the conversation whole.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions show" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions tail" json' -l 'json' -d 'Write each event as it is in the log, one JSON object a line.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions tail" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions tail" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions export" format' -l 'format' -d 'jsonl for hoopx\'s own events, ocsf for API Activity of the Open Cybersecurity Schema Framework, otel for spans with the attribute names of OpenTelemetry\'s conventions for generative AI, asciicast for what the command wrote to its terminal.' -rfka 'jsonl ocsf otel asciicast'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions export" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx audit" -eq 1' -fa 'verify' -d 'Verifies the record: events, checkpoints, anchors, rows and bodies.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx audit" -eq 1' -fa 'prove' -d 'Proves to a third party that an event is in the log.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx audit" -eq 1' -fa 'checkpoints' -d 'Lists the log\'s signed checkpoints, or writes them into files.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx audit" -eq 1' -fa 'key' -d 'Prints the public key that the log\'s checkpoints are verified with.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx audit" -eq 1' -fa 'prune' -d 'Deletes the payloads of sessions that ended longer ago than audit.retention says.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx audit" -eq 1' -fa 'hold' -d 'Puts a session on legal hold: it is not deleted for its age.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx audit" -eq 1' -fa 'release' -d 'Ends the legal hold on a session.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit verify"' -l 'key' -d 'A key that is known to be the log\'s. Can be repeated.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit verify"' -l 'checkpoint' -d 'A file of checkpoints, or a directory of such files, that this log must continue. Can be repeated.' -rF
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit verify" tsa-ca' -l 'tsa-ca' -d 'Who vouches for time-stamping authorities that the configuration does not name: a PEM file.' -rfa '(set -l exts \'pem\' \'crt\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit verify"' -l 'witness-key' -d 'A witness\'s key, beside those of the configuration. Can be repeated.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit verify" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit verify" json' -l 'json' -d 'Write one JSON object, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit verify" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit verify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prove" checkpoint' -l 'checkpoint' -d 'Prove it against this checkpoint instead of the newest one.' -rF
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prove" leaf' -l 'leaf' -d 'Write the event too, the bytes that are the leaf, into this file.' -rF
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prove" json' -l 'json' -d 'Write one JSON object, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prove" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prove" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit checkpoints" export' -l 'export' -d 'Write them into this directory instead, which exists.' -rfa '(__hoopx_complete_directories)'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit checkpoints" json' -l 'json' -d 'Write one JSON object a line, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit checkpoints" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit checkpoints" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit key" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit key" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prune" dry-run' -l 'dry-run' -d 'Only say what would be deleted.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prune" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prune" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit prune" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit hold" reason' -l 'reason' -d 'Why, for the record.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit hold" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit hold" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit hold" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit release" reason' -l 'reason' -d 'Why, for the record.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit release" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit release" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx audit release" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx doctor" config' -l 'config' -d 'The configuration to examine instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx doctor" json' -l 'json' -d 'Write one JSON object, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx doctor" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx help" version' -l 'version' -d 'Show the version.'
