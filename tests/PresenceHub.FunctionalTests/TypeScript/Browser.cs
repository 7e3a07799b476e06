namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>Tests with many pages in a browser take turns: two of them beside each other keep both cores of a small
/// machine busy for so long that what they wait for comes too late.</summary>
[CollectionDefinition(nameof(Browser))]
public sealed class Browser;
