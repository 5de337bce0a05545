# shellcheck shell=bash
# Sourced by the scripts that call `dotnet`: finds an SDK that install.sh put into ~/.dotnet, and keeps the command line quiet.

has_sdk() { command -v "$1" >/dev/null && "$1" --list-sdks 2>/dev/null | grep '^10\.' >/dev/null; }

if ! has_sdk dotnet && has_sdk "$HOME/.dotnet/dotnet"; then
  export DOTNET_ROOT=$HOME/.dotnet PATH=$HOME/.dotnet:$PATH
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
