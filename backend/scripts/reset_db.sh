#!/usr/bin/env bash
exec "$(dirname "${BASH_SOURCE[0]}")/../../scripts/reset_db.sh" "$@"
