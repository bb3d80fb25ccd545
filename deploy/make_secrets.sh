#!/bin/sh
# The folder is closed to others; the files in it are readable, because containers read them as another user.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets certificates
chmod 700 secrets
for name in secret_key database_password; do
    [ -s "secrets/$name" ] || head -c 48 /dev/urandom | base64 | tr -d '\n/+=' > "secrets/$name"
    chmod 644 "secrets/$name"
done
echo "deploy/secrets: secret_key, database_password"
