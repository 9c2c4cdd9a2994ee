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
            __hoopx_parse_subcommand -r 1 'config=' 'identity=' 'allow-nested' 'v/verbose' 'version' 'h/help'
        case 'login'
            __hoopx_parse_subcommand 0 'config=' 'issuer=' 'client-id=' 'no-qr' 'open' 'force' 'version' 'h/help'
        case 'logout'
            __hoopx_parse_subcommand 0 'config=' 'issuer=' 'client-id=' 'version' 'h/help'
        case 'whoami'
            __hoopx_parse_subcommand 0 'config=' 'issuer=' 'client-id=' 'json' 'version' 'h/help'
        case 'sessions'
            __hoopx_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __hoopx_parse_subcommand 0 'json' 'limit=' 'version' 'h/help'
            case 'show'
                __hoopx_parse_subcommand 1 'json' 'version' 'h/help'
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
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'doctor' -d 'Tells what this machine can enforce.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" config' -l 'config' -d 'The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" identity' -l 'identity' -d 'Where the session\'s identity comes from, instead of the configuration\'s identity.provider.' -rfka 'auto oidc github gitlab file env local'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx run" allow-nested' -l 'allow-nested' -d 'Do without file rules, so that sandboxes inside (bwrap, Chromium\'s) can mount. Recorded as a weakening.'
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
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_positional "hoopx sessions" -eq 1' -fa 'show' -d 'Shows one session with its connections, requests and denials.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" json' -l 'json' -d 'Write one JSON object a line, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" limit' -l 'limit' -d 'How many sessions, at most.' -rfka ''
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions show" json' -l 'json' -d 'Write one JSON object, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions show" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx sessions show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx doctor" config' -l 'config' -d 'The configuration to examine instead of $XDG_CONFIG_HOME/hoopx/config.yaml.' -rfa '(set -l exts \'yaml\' \'yml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx doctor" json' -l 'json' -d 'Write one JSON object, for programs.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx doctor" version' -l 'version' -d 'Show the version.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'hoopx' -n '__hoopx_should_offer_completions_for_flags_or_options "hoopx help" version' -l 'version' -d 'Show the version.'
