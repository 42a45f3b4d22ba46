# Sourced by the launchers: keeps .venv/NAME as its lock says.
# Sets root; `set_up NAME LOCK PYTHON...` sets venv and builds it with the first usable PYTHON.
self=$(readlink -f -- "$0" 2>/dev/null) || self=$0
root=$(CDPATH='' cd -- "$(dirname -- "$self")/.." && pwd -P)

is_usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in "$@"; do
        if is_usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Vedette needs Python 3.11 or newer; none of these is: $*" >&2
    return 1
}

is_current() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/vedette.stamp" ] &&
        { echo "$root" && cat -- "$lock"; } | cmp -s - "$venv/vedette.stamp"
}

set_up() {
    venv=$root/.venv/$1
    lock=$root/requirements/$2.txt
    name=$1
    shift 2
    is_current && return
    [ -n "${PYTHON:-}" ] && set -- "$PYTHON"
    python=$(find_python "$@") || exit 1
    "$python" -E "$root/scripts/environment.py" "$root" "$name" "$lock" || exit
}
