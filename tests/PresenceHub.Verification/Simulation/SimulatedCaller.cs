using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Verification.Simulation;

/// <summary>What a hub knows of the connection that calls it.</summary>
internal sealed class SimulatedCaller(SimulatedConnection connection) : HubCallerContext
{
    public override string ConnectionId => connection.ConnectionId;

    public override string? UserIdentifier => null;

    public override ClaimsPrincipal? User => null;

    public override IDictionary<object, object?> Items => connection.Items;

    public override IFeatureCollection Features => connection.Features;

    public override CancellationToken ConnectionAborted => CancellationToken.None;

    public override void Abort() => connection.Abort();
}
