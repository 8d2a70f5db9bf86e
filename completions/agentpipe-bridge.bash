# bash completion for agentpipe-bridge and agentpipe-web; made by: agentpipe-bridge completion bash
_agentpipe_bridge() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' words='' files='' i
  COMPREPLY=()
  [[ ${COMP_WORDS[0]##*/} == agentpipe-web ]] && command=web
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command ${COMP_WORDS[i]}" in
    ' setup' | ' status' | ' test' | ' stream' | ' upload' | ' spool' | 'spool ls' | 'spool inspect' | 'spool flush' | 'spool replay-dead' | 'spool rm' | ' disable' | ' enable' | ' web' | 'web serve' | 'web keys' | 'web keys create' | 'web keys list' | 'web keys revoke' | 'web db' | 'web db check' | 'web db backup' | 'web db restore' | 'web db vacuum' | ' completion')
      command="${command:+$command }${COMP_WORDS[i]}" ;;
    esac
  done
  case "$command $previous" in
    *' --config') COMPREPLY=($(compgen -f -- "$word")); return ;;
    *' --log-level') COMPREPLY=($(compgen -W 'debug info warn error' -- "$word")); return ;;
    *' --log-format') COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
    'setup --url') return ;;
    'setup --api-key-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'setup --timeout-ms') return ;;
    'setup --retry-attempts') return ;;
    'status --url' | 'status --server') return ;;
    'status --api-key-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'status --timeout-ms') return ;;
    'status --machine') return ;;
    'status --ca-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'test --url' | 'test --server') return ;;
    'test --api-key-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'test --timeout-ms') return ;;
    'test --machine') return ;;
    'test --ca-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'stream --format') COMPREPLY=($(compgen -W 'auto agentpipe-events agentpipe-chatlog agentpipe-state agentpipe-export session-upload claude-code claude-code-stream codex codex-exec gemini gemini-json gemini-stream aider opencode opencode-export opencode-stream opencode-json goose goose-jsonl copilot cursor cursor-text chatgpt claude-ai sharegpt openai-messages zip' -- "$word")); return ;;
    'stream --name') return ;;
    'stream --source') return ;;
    'stream --since') return ;;
    'stream --drain-timeout') return ;;
    'stream --fsync') COMPREPLY=($(compgen -W 'interval each never' -- "$word")); return ;;
    'stream --url' | 'stream --server') return ;;
    'stream --api-key-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'stream --timeout-ms') return ;;
    'stream --machine') return ;;
    'stream --ca-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'upload -j' | 'upload --jobs') return ;;
    'upload --since') return ;;
    'upload --until') return ;;
    'upload --format') COMPREPLY=($(compgen -W 'auto agentpipe-events agentpipe-chatlog agentpipe-state agentpipe-export session-upload claude-code claude-code-stream codex codex-exec gemini gemini-json gemini-stream aider opencode opencode-export opencode-stream opencode-json goose goose-jsonl copilot cursor cursor-text chatgpt claude-ai sharegpt openai-messages zip' -- "$word")); return ;;
    'upload --source') return ;;
    'upload --project') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'upload --name') return ;;
    'upload --url' | 'upload --server') return ;;
    'upload --api-key-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'upload --timeout-ms') return ;;
    'upload --machine') return ;;
    'upload --ca-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'upload --retry-attempts') return ;;
    'spool flush --drain-timeout') return ;;
    'spool flush --url' | 'spool flush --server') return ;;
    'spool flush --api-key-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'spool flush --timeout-ms') return ;;
    'spool flush --machine') return ;;
    'spool flush --ca-file') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'web --listen') return ;;
    'web --database') return ;;
    'web --auth') COMPREPLY=($(compgen -W 'auto on off' -- "$word")); return ;;
    'web --base-path') return ;;
    'web --public-url') return ;;
    'web --threads') return ;;
    'web --drain-timeout') return ;;
    'web --silence-timeout') COMPREPLY=($(compgen -W 'off' -- "$word")); return ;;
    'web --retain') COMPREPLY=($(compgen -W 'off' -- "$word")); return ;;
    'web --retain-size') COMPREPLY=($(compgen -W 'off' -- "$word")); return ;;
    'web --tls-cert') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'web --tls-key') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'web --trusted-proxies') return ;;
    'web keys create --name') return ;;
    'web keys create --scope') COMPREPLY=($(compgen -W 'ingest read admin' -- "$word")); return ;;
    'web keys create --expires') return ;;
  esac
  case "$command" in
    '') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version setup status test stream upload spool disable enable web completion' ;;
    'setup') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --url --api-key-stdin --api-key-file --generate-key --enable --disable --timeout-ms --retry-attempts --allow-plain-http -y --yes --test' ;;
    'status') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --json --check --url --server --api-key-file --timeout-ms --machine --ca-file --allow-plain-http' ;;
    'test') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --json --url --server --api-key-file --timeout-ms --machine --ca-file --allow-plain-http' ;;
    'stream') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --format --name -f --follow --all --source --since --poll --tee --dry-run --drain-timeout --no-redact --fsync --url --server --api-key-file --timeout-ms --machine --ca-file --allow-plain-http' files=yes ;;
    'upload') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --all -n --dry-run --json -j --jobs --since --until --format --source --project --name --no-redact --url --server --api-key-file --timeout-ms --machine --ca-file --allow-plain-http --retry-attempts' files=yes ;;
    'spool') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version ls inspect flush replay-dead rm' ;;
    'spool ls') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --json' ;;
    'spool inspect') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --json' ;;
    'spool flush') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --drain-timeout --url --server --api-key-file --timeout-ms --machine --ca-file --allow-plain-http' ;;
    'spool replay-dead') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version' ;;
    'spool rm') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --yes' ;;
    'disable') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version' ;;
    'enable') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version' ;;
    'web') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies serve keys db' ;;
    'web serve') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies' ;;
    'web keys') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies create list revoke' ;;
    'web keys create') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies --name --scope --expires' ;;
    'web keys list') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies --json' ;;
    'web keys revoke') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies' ;;
    'web db') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies check backup restore vacuum' ;;
    'web db check') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies' ;;
    'web db backup') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies' files=yes ;;
    'web db restore') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies --force' files=yes ;;
    'web db vacuum') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version --listen --database --auth --base-path --public-url --threads --drain-timeout --silence-timeout --retain --retain-size --tls-cert --tls-key --trusted-proxies' ;;
    'completion') words='-h --help --config --log-level --log-format --no-color --no-colour -q --quiet -v --verbose --no-input --version bash zsh fish' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [[ -n $files && $word != -* ]]; then
    COMPREPLY+=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _agentpipe_bridge agentpipe-bridge agentpipe-web
