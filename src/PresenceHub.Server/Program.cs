using PresenceHub.Server.Hosting;

if (ServerArguments.Answer(args) is { } exitCode)
{
    return exitCode;
}

if (HealthProbe.IsAskedFor(args))
{
    return await HealthProbe.RunAsync(args);
}

return await HubApplication.RunAsync(args);
