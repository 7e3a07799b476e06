using Microsoft.Extensions.Configuration;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class SettingsFilesTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("""{ "WatchPolicy": {}, /* a comment */ "Other": [1,], }""", false)]
    [InlineData("""{ "WatchPolicy": """, true)]
    [InlineData(
        """{ "WatchPolicy": { "HiddenSubjects": ["a"] }, "WatchPolicy": { "DeniedWatchers": ["b"] } }""",
        false
    )]
    [InlineData("""{ "WatchPolicy": { "HiddenSubjects": ["a"], "HiddenSubjects": ["b"] } }""", true)]
    [InlineData("[]", true)]
    [InlineData("", true)]
    public void FindBroken_FileChangedWhileRunning_IsWhatDotNetTakesForEmpty(string text, bool isBroken)
    {
        File.WriteAllText(_path, "{}");
        using var configuration = (ConfigurationRoot)
            new ConfigurationBuilder().AddJsonFile(_path, optional: true).Build();
        var files = new SettingsFiles(configuration);
        Assert.Null(files.FindBroken());

        File.WriteAllText(_path, text);

        Assert.Equal(isBroken, files.FindBroken() is not null);
        Assert.Equal(isBroken, Record.Exception(configuration.Reload) is not null);
    }
}
