using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Compares the configuration of the hub's sections with the settings that exist. A misspelled name would otherwise be
/// ignored, and a value of the wrong type would end the start with a stack trace.
/// </summary>
internal sealed class SettingsCheck
{
    /// <summary>
    /// Settings of ASP.NET Core within a section of the hub. The framework would apply them over the hub's own, and
    /// tokens that are not meant for the hub would pass.
    /// </summary>
    private static readonly string[] Reserved = ["Authentication:Schemes", "Authentication:DefaultScheme"];

    private readonly List<string> _unknown = [];
    private readonly List<string> _unreadable = [];
    private readonly List<string> _unused = [];

    private SettingsCheck() { }

    /// <summary>Names of settings that do not exist, such as <c>Polling:Perod</c>.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>The problems of values that cannot be used, by setting. They never contain text values.</summary>
    public IReadOnlyList<string> Unreadable => _unreadable;

    /// <summary>Names of settings of the emulator, in a server that contains none.</summary>
    public IReadOnlyList<string> Unused => _unused;

    public static SettingsCheck Of(IConfiguration configuration) =>
        Of(configuration, DevelopmentServers.AreIncluded ? DevelopmentServers.EmulatorOptions : null);

    /// <param name="configuration">All settings.</param>
    /// <param name="emulator">The assembly of the emulator's settings; null in a published server.</param>
    internal static SettingsCheck Of(IConfiguration configuration, Assembly? emulator)
    {
        var check = new SettingsCheck();
        if (emulator is null)
        {
            check.AddUnused(configuration);
        }

        foreach (
            var section in SectionsOf(typeof(SettingsCheck).Assembly)
                .Concat(emulator is null ? [] : SectionsOf(emulator))
                .GroupBy(section => section.Name, section => section.Options, StringComparer.OrdinalIgnoreCase)
        )
        {
            check.CheckObject(configuration.GetSection(section.Key), [.. section]);
        }

        return check;
    }

    /// <exception cref="OptionsValidationException">A value cannot be used; all such values are named.</exception>
    public static void ThrowIfUnreadable(IConfiguration configuration)
    {
        if (Of(configuration).Unreadable is { Count: > 0 } unreadable)
        {
            throw new OptionsValidationException(string.Empty, typeof(SettingsCheck), unreadable);
        }
    }

    private static IEnumerable<(string Name, Type Options)> SectionsOf(Assembly assembly) =>
        from type in assembly.GetTypes()
        let name = type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue()
            as string
        where name is not null
        select (name, type);

    private static bool IsScalar(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private void AddUnused(IConfiguration configuration)
    {
        var isEmulated = string.Equals(
            configuration["Graph:Mode"],
            nameof(GraphMode.Emulator),
            StringComparison.OrdinalIgnoreCase
        );
        _unused.AddRange(
            from setting in configuration.GetSection("Emulator").AsEnumerable()
            where setting.Value is not null
            where !isEmulated || !EmulatorDefaults.Sources.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)
            orderby setting.Key
            select setting.Key
        );
    }

    private void CheckObject(IConfigurationSection section, Type[] types)
    {
        foreach (var child in section.GetChildren())
        {
            var property = types
                .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                .FirstOrDefault(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (Reserved.Contains(child.Path, StringComparer.OrdinalIgnoreCase))
            {
                _unreadable.Add(
                    $"{child.Path} must not be set: how tokens are checked follows from the other Authentication settings"
                );
            }
            else if (property is null)
            {
                _unknown.Add(child.Path);
            }
            else
            {
                CheckValue(child, property.PropertyType);
            }
        }
    }

    private void CheckValue(IConfigurationSection section, Type type)
    {
        if (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
        {
            // Lists of texts may be given as one text (ListSetting). The binder ignores the text of any other.
            var element = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[^1];
            if (!IsScalar(element))
            {
                RefuseText(section);
            }

            foreach (var child in section.GetChildren())
            {
                CheckValue(child, element);
            }
        }
        else if (!IsScalar(type))
        {
            RefuseText(section);
            CheckObject(section, [type]);
        }
        else if (section.GetChildren().Any())
        {
            _unknown.AddRange(section.GetChildren().Select(child => child.Path));
        }
        else if (
            section.Value is { Length: > 0 } value
            && type != typeof(string)
            && !CanConvert(value, Nullable.GetUnderlyingType(type) ?? type)
        )
        {
            _unreadable.Add(
                $"{section.Path} cannot be read: '{value}' is not {DescriptionOf(Nullable.GetUnderlyingType(type) ?? type)}"
            );
        }
    }

    private void RefuseText(IConfigurationSection section)
    {
        if (!string.IsNullOrWhiteSpace(section.Value))
        {
            _unreadable.Add($"{section.Path} cannot be read: it has settings below it, and is not a single text");
        }
    }

    private static bool CanConvert(string value, Type type)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, value);
            return true;
        }
        catch (Exception exception)
            when (exception is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string DescriptionOf(Type type) =>
        type switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a duration such as 00:01:30",
            _ => "a number",
        };
}
