# A private PostgreSQL: `start_postgres FOLDER [-c setting=value …]` sets QIYUE_TEST_POSTGRES, `stop_postgres` ends it.
# To be sourced. As root the server runs as user postgres, because it refuses to run as root.

postgres_programs() {
  local initdb
  initdb=$(command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
  [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}

as_postgres() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start_postgres() {
  local folder=$1 programs port
  shift
  programs=$(postgres_programs) || return 1
  postgres_data=$folder/postgres
  mkdir "$postgres_data"
  chmod 711 "$folder"
  [ "$(id -u)" != 0 ] || chown postgres "$postgres_data"
  as_postgres "$programs/initdb" --pgdata="$postgres_data" --username=postgres --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; return 1; }

  for _ in 1 2 3 4 5; do
    port=$((RANDOM % 20000 + 12000))
    port_is_free "$port" || continue
    postgres_options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 $*"
    if resume_postgres; then
      export QIYUE_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres
      return 0
    fi
  done
  cat "$postgres_data/server.log" >&2
  return 1
}

# Starts it again where it was, after `stop_postgres`.
resume_postgres() {
  as_postgres "$(postgres_programs)/pg_ctl" start --silent --wait --timeout=60 --pgdata="$postgres_data" \
    --log="$postgres_data/server.log" --options="$postgres_options"
}

stop_postgres() {
  [ -z "${QIYUE_TEST_POSTGRES:-}" ] || [ -z "${postgres_data:-}" ] ||
    as_postgres "$(postgres_programs)/pg_ctl" stop --silent --mode=immediate --pgdata="$postgres_data" || true
}
