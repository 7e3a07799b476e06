using System.Net;
using System.Net.Http.Headers;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.People;

public sealed class FullStoreTests
{
    [Fact]
    public async Task Get_RedisTakesNoMoreData_AnswersWhatGraphHasSaid()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = redis.ConnectionString }
        );
        var id = (await server.PeopleAsync())[0];
        var (token, _) = await server.SignInAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            $"{redis.ConnectionString},allowAdmin=true"
        );
        await connection.GetServers()[0].ConfigSetAsync("maxmemory", "1");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/people?ids={id}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(id, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
