namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Graph has left out most of those it knew before, twice. It sometimes answers with too few people, or with none: that
/// says nothing about those who are missing.
/// </summary>
internal sealed class PeopleMissingException()
    : ReportableException("Graph left out most of the people it knew before");
