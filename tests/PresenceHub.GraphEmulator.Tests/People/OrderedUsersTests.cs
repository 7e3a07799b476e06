using System.Net;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;

namespace PresenceHub.GraphEmulator.Tests.People;

/// <summary>Lists of users in the order of their names: of a department, and of the whole company.</summary>
public sealed class OrderedUsersTests : IAsyncLifetime
{
    private const string OfSales = "department eq 'sales'";

    private EmulatorFixture _emulator = null!;

    public async Task InitializeAsync()
    {
        var options = EmulatorFixture.Still();
        options.People = 45;
        _emulator = await EmulatorFixture.StartAsync(options);
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task List_DepartmentInOrder_AnswersItInPagesAndCountsItOnce()
    {
        var names = new List<string>();
        var page = await ListAsync(OfSales, top: 2);
        var count = page.OdataCount;
        for (; page is not null; page = await NextAsync(page))
        {
            Assert.InRange(page.Value!.Count, 1, 2);
            Assert.All(page.Value, person => Assert.Equal("Sales", person.Department));
            names.AddRange(page.Value.Select(person => person.DisplayName!));
            Assert.True(page.OdataCount is null || names.Count <= 2);
        }

        Assert.InRange(names.Count, 3, 44);
        Assert.Equal(names.Count, count);
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public async Task List_AllInOrder_NeedsNoAdvancedQuery()
    {
        var names = new List<string>();
        for (
            var page = await ListAsync(null, isAdvanced: false, top: 20);
            page is not null;
            page = await NextAsync(page)
        )
        {
            Assert.Null(page.OdataCount);
            names.AddRange(page.Value!.Select(person => person.DisplayName!));
        }

        Assert.Equal(45, names.Count);
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public async Task List_FilterInOrderWithoutAdvancedQuery_Is400()
    {
        var error = await Assert.ThrowsAsync<ODataError>(() => ListAsync(OfSales, isAdvanced: false));

        Assert.Equal(
            ((int)HttpStatusCode.BadRequest, "Request_UnsupportedQuery"),
            (error.ResponseStatusCode, error.Error!.Code)
        );
    }

    [Fact]
    public async Task List_DepartmentWithoutOrder_NeedsNoAdvancedQuery() =>
        Assert.NotEmpty((await ListAsync(OfSales, order: null, isAdvanced: false)).Value!);

    [Theory]
    [InlineData("jobTitle")]
    [InlineData("displayName desc")]
    public async Task List_OtherOrder_Is400(string order)
    {
        var error = await Assert.ThrowsAsync<ODataError>(() => ListAsync(null, order));

        Assert.Equal((int)HttpStatusCode.BadRequest, error.ResponseStatusCode);
    }

    [Fact]
    public async Task List_NoPageToken_Is400()
    {
        var answer = await _emulator.SendAsync(
            HttpMethod.Get,
            "v1.0/users?$skiptoken=none",
            await _emulator.ApplicationTokenAsync()
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("Directory_ExpiredPageToken", await EmulatorFixture.ErrorCodeAsync(answer));
    }

    [Fact]
    public async Task List_DepartmentForAUserWithBasicPermission_Is403()
    {
        var token = await _emulator.UserTokenAsync();

        var answer = await _emulator.SendAsync(HttpMethod.Get, $"v1.0/users?$filter={OfSales}", token);
        var all = await _emulator.SendAsync(HttpMethod.Get, "v1.0/users?$orderby=displayName", token);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (answer.StatusCode, all.StatusCode));
    }

    private async Task<UserCollectionResponse> ListAsync(
        string? filter,
        string? order = "displayName",
        bool isAdvanced = true,
        int? top = null
    ) =>
        (
            await _emulator
                .Sdk()
                .Users.GetAsync(request =>
                {
                    request.QueryParameters.Filter = filter;
                    request.QueryParameters.Orderby = order is null ? null : [order];
                    request.QueryParameters.Top = top;
                    request.QueryParameters.Count = isAdvanced ? true : null;
                    if (isAdvanced)
                    {
                        request.Headers.Add("ConsistencyLevel", "eventual");
                    }
                })
        )!;

    private async Task<UserCollectionResponse?> NextAsync(UserCollectionResponse page) =>
        page.OdataNextLink is { } next
            ? await _emulator
                .Sdk()
                .Users.WithUrl(next)
                .GetAsync(request => request.Headers.Add("ConsistencyLevel", "eventual"))
            : null;
}
