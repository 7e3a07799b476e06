using System.Net;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator.Tests.People;

public sealed class UserQueryTests : IAsyncLifetime
{
    private EmulatorFixture _emulator = null!;
    private IReadOnlyList<User> _people = [];

    public async Task InitializeAsync()
    {
        var options = EmulatorFixture.Still();
        options.ApplicationPermissions = "User.ReadBasic.All";
        _emulator = await EmulatorFixture.StartAsync(options);
        _people = await FindAsync(null, null);
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task List_FilterByIds_AnswersThose()
    {
        var found = await FindAsync($"id in ('{_people[3].Id}', '{_people[5].Id}', '{Guid.NewGuid()}')", null);

        Assert.Equal([_people[3].Id, _people[5].Id], found.Select(person => person.Id));
    }

    [Fact]
    public async Task List_FilterByTwoKindsOfAddress_AnswersEachPersonOnce()
    {
        var address = _people[4].Mail!.ToUpperInvariant();

        var found = await FindAsync(
            $"mail in ('{address}','o''brien@x.example') or userPrincipalName in ('{address}')",
            null
        );

        Assert.Equal(_people[4].DisplayName, Assert.Single(found).DisplayName);
    }

    [Theory]
    [InlineData("jobTitle eq 'Engineer'")]
    [InlineData("id in ('a'")]
    public async Task List_OtherFilter_Is400(string filter)
    {
        var error = await Assert.ThrowsAsync<ODataError>(() => FindAsync(filter, null));

        Assert.Equal((int)HttpStatusCode.BadRequest, error.ResponseStatusCode);
    }

    [Fact]
    public async Task List_DepartmentWithBasicPermissionAlone_Is403()
    {
        var error = await Assert.ThrowsAsync<ODataError>(() => FindAsync("department eq 'Sales'", null));

        Assert.Equal((int)HttpStatusCode.Forbidden, error.ResponseStatusCode);
    }

    [Fact]
    public async Task List_SixteenValuesInAFilter_Is400()
    {
        var ids = string.Join(',', Enumerable.Range(0, 16).Select(_ => $"'{Guid.NewGuid()}'"));

        var error = await Assert.ThrowsAsync<ODataError>(() => FindAsync($"id in ({ids})", null));

        Assert.Equal((int)HttpStatusCode.BadRequest, error.ResponseStatusCode);
    }

    [Fact]
    public async Task List_SearchByPartsOfAName_AnswersThePerson()
    {
        var (given, surname) = (_people[7].GivenName!, _people[7].Surname!);

        var found = await FindAsync(null, $"\"displayName:{surname[..3]} {given.ToUpperInvariant()}\"");

        Assert.Contains(_people[7].Id, found.Select(person => person.Id));
        Assert.All(found, person => Assert.StartsWith(surname[..3], person.Surname, StringComparison.Ordinal));
    }

    [Fact]
    public void List_BasicPermissionAlone_AnswersBasicPropertiesOnly()
    {
        Assert.NotNull(_people[0].Mail);
        Assert.Null(_people[0].JobTitle);
        Assert.Null(_people[0].Department);
    }

    [Fact]
    public async Task List_SearchWithoutConsistencyLevel_Is400()
    {
        var token = await _emulator.ApplicationTokenAsync();
        var response = await _emulator.SendAsync(HttpMethod.Get, "v1.0/users?$search=%22displayName:a%22", token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("Request_UnsupportedQuery", await EmulatorFixture.ErrorCodeAsync(response));
    }

    [Fact]
    public async Task GetPhoto_PersonWithOne_AnswersAPngOfThatSize()
    {
        var photo = await PhotoAsync(_people[0].Id!, "48x48");

        Assert.Equal("image/png", photo.Content.Headers.ContentType?.MediaType);
        var bytes = await photo.Content.ReadAsByteArrayAsync();
        Assert.Equal("PNG"u8.ToArray(), bytes[1..4]);
        Assert.Equal([0, 0, 0, 48, 0, 0, 0, 48], bytes[16..24]);
    }

    [Theory]
    [InlineData(PersonPhoto.WithoutPhoto - 1, "48x48", HttpStatusCode.NotFound)]
    [InlineData(0, "50x50", HttpStatusCode.BadRequest)]
    [InlineData(0, "48x96", HttpStatusCode.BadRequest)]
    public async Task GetPhoto_NoneOrOtherSize_IsRefused(int person, string size, HttpStatusCode status) =>
        Assert.Equal(status, (await PhotoAsync(_people[person].Id!, size)).StatusCode);

    [Fact]
    public async Task GetPhoto_UnknownPerson_Is404() =>
        Assert.Equal(HttpStatusCode.NotFound, (await PhotoAsync($"{Guid.NewGuid()}", "48x48")).StatusCode);

    [Fact]
    public async Task GetPhoto_FaultOfTheOperation_IsAnswered()
    {
        await _emulator.SetFaultsAsync(new { requests = new[] { new { operation = "getPhoto", status = 403 } } });

        Assert.Equal(HttpStatusCode.Forbidden, (await PhotoAsync(_people[0].Id!, "48x48")).StatusCode);
    }

    private async Task<HttpResponseMessage> PhotoAsync(string id, string size) =>
        await _emulator.SendAsync(
            HttpMethod.Get,
            $"v1.0/users/{id}/photos/{size}/$value",
            await _emulator.ApplicationTokenAsync()
        );

    private async Task<IReadOnlyList<User>> FindAsync(string? filter, string? search)
    {
        var page = await _emulator
            .Sdk()
            .Users.GetAsync(request =>
            {
                request.QueryParameters.Filter = filter;
                request.QueryParameters.Search = search;
                if (search is not null)
                {
                    request.Headers.Add("ConsistencyLevel", "eventual");
                }
            });
        return page!.Value!;
    }
}
