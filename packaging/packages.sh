# shellcheck shell=bash
# The Debian 12 packages this project needs, and how they get installed. Sourced by packaging/quickstart and tests/run.
# shellcheck disable=SC2034  # the lists are used there

build_packages=(
  ca-certificates cmake g++ ninja-build
  libboost1.81-dev libcli11-dev libcurl4-openssl-dev libexpected-dev libminizip-dev libpq-dev libre2-dev libsimdjson-dev libspdlog-dev
  libsqlite3-dev libssl-dev libyaml-cpp-dev libzstd-dev nlohmann-json3-dev zlib1g-dev
)
# To check through the HTTP interface what arrived.
demo_packages=(curl)
# Only without a Node ≥ 18 and npm on PATH: other sources' nodejs packages bring an npm of their own.
ui_packages=(nodejs npm)
test_packages=(ccache clang doctest-dev dpkg-dev file libclang-rt-dev librapidcheck-dev mold postgresql-15 python3 strace)
browser_packages=(chromium fonts-noto-cjk fonts-noto-color-emoji)

k_apt_lock_seconds=300

has_node() {
  command -v npm >/dev/null || return 1
  local major
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || return 1
  ((major >= 18))
}

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ?i* ]]
}

# missing_packages PACKAGE…: those not installed, one a line.
missing_packages() {
  local package
  for package; do
    is_installed "$package" || printf '%s\n' "$package"
  done
}

# as_root COMMAND…: runs it as root. Without a terminal sudo must not ask for a password.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o "DPkg::Lock::Timeout=$k_apt_lock_seconds" "$@"
}

# install_packages LOG PACKAGE…: installs what is missing of them and says so; apt's own words go to LOG. Returns 1 with
# the remedy on standard error when that fails.
install_packages() {
  local log=$1
  shift
  if ! command -v apt-get >/dev/null; then
    echo "Packages: there is no apt-get here (this is written for Debian 12); going on with what is installed."
    return 0
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then
    echo "Packages: all there."
    return 0
  fi
  local by_hand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    echo "Packages are missing, and neither root nor sudo is at hand. Let root run this, then start again:" >&2
    echo "  $by_hand" >&2
    return 1
  fi
  echo "Packages: installing ${missing[*]} …"
  mkdir -p "$(dirname "$log")"
  if apt_get update >"$log" 2>&1 && apt_get install --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    return 0
  fi
  {
    echo "apt-get could not install the packages. Its last words (all of them in $log):"
    tail -n 15 "$log" | sed 's/^/  /'
    echo "Usual reasons: no network, no sudo password given, or another release than Debian 12. Once this works as root, start again:"
    echo "  $by_hand"
  } >&2
  return 1
}
