#!/usr/bin/env bash
# Writes docs/settings.md from the option classes and their XML documentation. A test fails while it is out of date.
set -euo pipefail
cd "$(dirname "$0")/.."
PRESENCEHUB_UPDATE_SETTINGS_REFERENCE=1 dotnet test tests/PresenceHub.Server.Tests --nologo --filter FullyQualifiedName~SettingsReferenceTests
