using Microsoft.AspNetCore.Http;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class ConnectAdmissionTests
{
    [Theory]
    [InlineData("/hubs/presence", "?id=token", true)]
    [InlineData("/hubs/presence", "", false)]
    [InlineData("/hubs/presence", "?id=", false)]
    [InlineData("/hubs/presence/negotiate", "?id=token", false)]
    [InlineData("/hubs/presence/Negotiate/", "?id=token", false)]
    [InlineData("/api/presence/stream", "?id=token", false)]
    [InlineData("/API/Presence/Stream/", "?id=token", false)]
    public void BelongsToConnection_WhatOpensAnother_DoesNot(string path, string query, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Path, request.QueryString) = (HttpMethods.Get, path, new QueryString(query));

        Assert.Equal(expected, ConnectAdmission.BelongsToConnection(request));
    }
}
