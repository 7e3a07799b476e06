using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Server.Tests.Hubs.WebSockets;

/// <summary>A hub that only the transport is tried with.</summary>
public sealed class EchoHub(EchoHub.Connections connections) : Hub
{
    public override Task OnConnectedAsync()
    {
        connections.Opened.Add(Context.User?.FindFirst("oid")?.Value ?? "none");
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        connections.Closed.Add(Context.ConnectionId);
        return Task.CompletedTask;
    }

    [SuppressMessage("Performance", "CA1822", Justification = "SignalR calls instance methods only.")]
    public string Echo(string text) => text;

    /// <summary>Sends more and more to the caller, until the connection ends.</summary>
    public async Task Flood()
    {
        var text = new string('x', 64 * 1024);
        try
        {
            while (!Context.ConnectionAborted.IsCancellationRequested)
            {
                await Clients.Caller.SendAsync("Flooded", text, Context.ConnectionAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // SignalR would log it as a failed call.
        }
    }

    /// <summary>Holds the thread that reads the caller's messages until the connection ends.</summary>
    public void Hold()
    {
        connections.Held.Add(Context.ConnectionId);
        Context.ConnectionAborted.WaitHandle.WaitOne();
    }

    /// <summary>What the hub has seen, for the test to wait for.</summary>
    public sealed class Connections
    {
        public BlockingCollection<string> Opened { get; } = [];

        public BlockingCollection<string> Closed { get; } = [];

        public BlockingCollection<string> Held { get; } = [];
    }
}
