# shellcheck shell=bash
# Shared by the scripts beside this file: sourced, not run.

JDK_RELEASE=25

die() {
    echo "${0##*/}: $*" >&2
    exit 2
}

# The feature release of the JDK in directory $1, or nothing.
jdk_release() {
    local version
    [[ -x $1/bin/java && -r $1/release ]] || return 0
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    echo "$version"
}

# Sets JAVA_HOME to the first JDK that is new enough.
find_jdk() {
    local candidate release looked=()
    local candidates=("${TANDEM_JAVA_HOME:-}" "${JAVA_HOME:-}")
    if command -v java >/dev/null; then
        candidate=$(readlink -f "$(command -v java)")
        candidates+=("${candidate%/bin/java}")
    fi
    for candidate in /usr/lib/jvm/*; do
        [[ -L $candidate ]] || candidates+=("$candidate")
    done
    for candidate in "${candidates[@]}"; do
        [[ -n $candidate ]] || continue
        release=$(jdk_release "$candidate")
        if [[ ${release:-0} -ge $JDK_RELEASE ]]; then
            export JAVA_HOME=$candidate
            return
        fi
        looked+=("  $candidate (${release:-no JDK})")
    done
    {
        echo "${0##*/}: needs a JDK $JDK_RELEASE or newer; looked at TANDEM_JAVA_HOME, JAVA_HOME," \
            "java in PATH, /usr/lib/jvm:"
        printf '%s\n' "${looked[@]:-  nothing there}"
        echo "Set TANDEM_JAVA_HOME to the directory of one."
    } >&2
    exit 2
}

# Installs what is missing of the Debian packages in the arguments, each PROGRAM=PACKAGE.
need_programs() {
    local pair missing=()
    for pair in "$@"; do
        PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
    done
    install_packages "${missing[@]}"
}

# The same for shared libraries, each FILE=PACKAGE with the beginning of the library's file name.
need_libraries() {
    local pair known missing=()
    known=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p)
    for pair in "$@"; do
        [[ $known == *[[:space:]]"${pair%%=*}"* ]] || missing+=("${pair#*=}")
    done
    install_packages "${missing[@]}"
}

install_packages() {
    [[ $# -gt 0 ]] || return 0
    if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
        echo "${0##*/}: missing: $*; install with: apt-get install $*" >&2
        return 1
    fi
    echo "${0##*/}: installing $*" >&2
    apt_get install "$@" || { apt_get update && apt_get install "$@"; }
}

apt_get() {
    local log
    log=$(mktemp)
    if DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=60 "$@" >"$log" 2>&1 </dev/null; then
        rm -f "$log"
    else
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
}

# Runs a command with its output in file $1, and says that it goes on and what it is at:
# with_progress LOG WORDS COMMAND...
with_progress() {
    local log=$1 words=$2 start=$SECONDS pid said=-10
    shift 2
    : >"$log"
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    local ended=''
    # shellcheck disable=SC2064 # the process of now is meant
    trap "ended=1; kill $pid 2>/dev/null" INT TERM
    while kill -0 "$pid" 2>/dev/null; do
        if [[ -t 2 ]]; then
            printf '\r\033[K%s: %s, %d s%s' "${0##*/}" "$words" $((SECONDS - start)) "$(at "$log")" >&2
        elif [[ $((SECONDS - said)) -ge 10 ]]; then
            said=$SECONDS
            echo "${0##*/}: $words, $((SECONDS - start)) s$(at "$log")" >&2
        fi
        sleep 0.5
    done
    trap - INT TERM
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    local status=0
    wait "$pid" || status=$?
    # who ends us wants no further step either
    [[ -z $ended ]] || exit "$status"
    if [[ $status -eq 0 ]]; then
        echo "${0##*/}: $words: done in $((SECONDS - start)) s" >&2
    else
        echo "${0##*/}: $words: exit code $status after $((SECONDS - start)) s, see $log" >&2
    fi
    return "$status"
}

# What Maven is at by its log $1: a module or a class of tests.
at() {
    sed -n 's/^\[INFO\] \(Building Tandem [a-z ]*[a-z]\|Running [A-Za-z.]*\).*/ (\1)/p' "$1" | tail -1
}
