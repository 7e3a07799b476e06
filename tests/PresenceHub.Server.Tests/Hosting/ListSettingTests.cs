using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>Every list of texts among the settings, also one that is added later.</summary>
public sealed class ListSettingTests
{
    public static TheoryData<string, string> Lists()
    {
        var lists = new TheoryData<string, string>();
        foreach (var type in typeof(SettingsCheck).Assembly.GetTypes().Where(type => SectionOf(type) is not null))
        {
            foreach (
                var property in type.GetProperties()
                    .Where(property =>
                        property.PropertyType != typeof(string)
                        && typeof(IEnumerable<string>).IsAssignableFrom(property.PropertyType)
                    )
            )
            {
                lists.Add(type.FullName!, property.Name);
            }
        }

        return lists;
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void List_AsOneText_IsReadAsItsValues(string options, string list) =>
        Assert.Equal(["first", "second"], Read(options, list, ("", " first, second ")));

    [Theory]
    [MemberData(nameof(Lists))]
    public void List_OneValuePerIndex_IsReadOnce(string options, string list) =>
        Assert.Equal(["first", "second"], Read(options, list, (":0", "first"), (":1", "second")));

    private static IEnumerable<string> Read(string options, string list, params (string Suffix, string Value)[] values)
    {
        var type = typeof(SettingsCheck).Assembly.GetType(options)!;
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    values.ToDictionary(
                        value => $"{SectionOf(type)}:{list}{value.Suffix}",
                        value => (string?)value.Value
                    )
                )
                .Build()
        );
        services.AddWatchLists().AddWatchHub().AddProxies().AddCrossOrigin();
        foreach (
            var validator in services
                .Where(service =>
                    service.ServiceType is { IsGenericType: true } generic
                    && generic.GetGenericTypeDefinition() == typeof(IValidateOptions<>)
                )
                .ToArray()
        )
        {
            services.Remove(validator);
        }

        using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService(typeof(IOptionsFactory<>).MakeGenericType(type));
        var instance = factory
            .GetType()
            .GetMethod(nameof(IOptionsFactory<object>.Create))!
            .Invoke(factory, [Options.DefaultName]);
        return (IEnumerable<string>)type.GetProperty(list)!.GetValue(instance)!;
    }

    private static string? SectionOf(Type type) =>
        type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;
}
