# Sourced by the scripts: sets $python to a Python 3.11 or newer, or says what is missing.
python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "卫城需要 Python 3.11 或更新的版本，这台机器上没有找到。" >&2
  echo "Weicheng needs Python 3.11 or newer; none was found on this machine." >&2
  exit 1
fi
