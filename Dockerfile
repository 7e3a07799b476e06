# The page
FROM node:22-bookworm-slim AS page
WORKDIR /page
COPY clients/typescript/package.json clients/typescript/package-lock.json clients/typescript/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY clients/typescript/ ./
RUN npm run build:board && npm run build:bundle

# The server. Project files first, so that restored packages are cached until one of them changes.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY build/ build/
COPY src/Directory.Build.props src/
COPY src/PresenceHub.Contracts/PresenceHub.Contracts.csproj src/PresenceHub.Contracts/packages.lock.json src/PresenceHub.Contracts/
COPY src/PresenceHub.Development/PresenceHub.Development.csproj src/PresenceHub.Development/packages.lock.json src/PresenceHub.Development/
COPY src/PresenceHub.GraphEmulator/PresenceHub.GraphEmulator.csproj src/PresenceHub.GraphEmulator/packages.lock.json src/PresenceHub.GraphEmulator/
COPY src/PresenceHub.Server/PresenceHub.Server.csproj src/PresenceHub.Server/packages.lock.json src/PresenceHub.Server/
RUN dotnet restore src/PresenceHub.Server --use-current-runtime --locked-mode
COPY .editorconfig ./
COPY src/ src/
COPY --from=page /page/dist/ clients/typescript/dist/
# true adds the embedded store and the emulator, for trying the hub out
ARG INCLUDE_SIMULATION=false
RUN dotnet publish src/PresenceHub.Server --no-restore --use-current-runtime --no-self-contained --configuration Release \
    -p:IncludeSimulation=$INCLUDE_SIMULATION --output /app

# No shell, no package manager, not root
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
LABEL org.opencontainers.image.title="PresenceHub" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="https://github.com/presencehub/presencehub"
WORKDIR /app
COPY --from=build /app ./
# The pipes of Server-Sent Events and long polling rent from the shared pool; with its default size most of a fan-out's buffers are
# allocated for each use. There is no setting for it in runtimeconfig. WebSockets do not need it.
ENV ASPNETCORE_HTTP_PORTS=8080 \
    DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION=4096
EXPOSE 8080
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["dotnet", "PresenceHub.Server.dll", "--check-health"]
ENTRYPOINT ["dotnet", "PresenceHub.Server.dll"]
