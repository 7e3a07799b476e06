using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>Writes docs/settings.md from the option classes and their XML documentation.</summary>
internal sealed class SettingsReference
{
    private const string Introduction = """
        # Settings

        This page is generated from the option classes of the server and the emulator: `scripts/settings-reference.sh` writes
        it, and a test fails if it is out of date. [Operations](operations.md) explains how settings are given, and has
        the settings of .NET: `AllowedHosts`, `ConnectionStrings:Redis`, and where the server listens.

        Names are written as in `appsettings.json` and on the command line; an environment variable has `__` for `:`.
        `N` is an index from 0, and `<name>` a name that you choose. A duration is written as `hours:minutes:seconds` or
        `days.hours:minutes:seconds`. A range includes both ends. Do not commit a value that is marked **secret**.
        """;

    /// <summary>Settings whose values give access to something.</summary>
    private static readonly HashSet<string> Secrets =
    [
        "Audit:Key",
        "DataProtection:CertificatePassword",
        "DataProtection:OtherCertificates:N:Password",
        "Emulator:ClientSecret",
        "Graph:Accounts:N:RefreshToken",
        "Graph:ClientSecret",
        "Redis:ConnectionString",
    ];

    private readonly XmlDocumentation _documentation;
    private readonly StringBuilder _text = new(Introduction);
    private readonly HashSet<string> _named = [];

    private SettingsReference(XmlDocumentation documentation) => _documentation = documentation;

    /// <summary>The whole page.</summary>
    public static string Write(params Assembly[] assemblies)
    {
        var reference = new SettingsReference(XmlDocumentation.Of(assemblies));
        var sections =
            from type in assemblies.SelectMany(assembly => assembly.GetTypes())
            let name = type.GetField("SectionName")?.GetRawConstantValue() as string
            where name is not null
            orderby name, type.Name
            group type by name;
        foreach (var section in sections)
        {
            reference.WriteSection(section.Key, [.. section]);
        }

        var missing = Secrets.Except(reference._named).ToArray();
        return missing is []
            ? reference._text.Append('\n').ToString()
            : throw new InvalidOperationException($"{string.Join(", ", missing)} is no setting");
    }

    private void WriteSection(string name, Type[] types)
    {
        _text.Append(CultureInfo.InvariantCulture, $"\n\n## {name}\n");
        foreach (var summary in types.Select(type => _documentation.SummaryOf(type)).Where(text => text is not ""))
        {
            _text.Append(CultureInfo.InvariantCulture, $"\n{summary}\n");
        }

        _text.Append("\n| setting | type | default | range | meaning |\n|---|---|---|---|---|");
        foreach (var type in types)
        {
            WriteSettings(name, type);
        }
    }

    private void WriteSettings(string path, Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = $"{path}:{property.Name}";
            if (ElementOf(property.PropertyType) is { } element)
            {
                WriteSettings($"{name}:{(IsDictionary(property.PropertyType) ? "<name>" : "N")}", element);
            }
            else if (IsOptions(property.PropertyType))
            {
                WriteSettings(name, property.PropertyType);
            }
            else if (_named.Add(name))
            {
                var meaning = _documentation.SummaryOf(property).Replace("|", "\\|", StringComparison.Ordinal);
                _text.Append(
                    CultureInfo.InvariantCulture,
                    $"\n| `{name}` | {TypeOf(property)} | {DefaultOf(property.GetValue(defaults))} | {RangeOf(property)} | {(Secrets.Contains(name) ? "**Secret.** " : "")}{meaning} |"
                );
            }
        }
    }

    /// <summary>The option class of the elements of a list or dictionary; null for anything else.</summary>
    private static Type? ElementOf(Type type) =>
        type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) && IsOptions(type.GetGenericArguments()[^1])
            ? type.GetGenericArguments()[^1]
            : null;

    private static bool IsDictionary(Type type) => type.GetGenericArguments().Length is 2;

    private static bool IsOptions(Type type) =>
        type.IsClass
        && !typeof(IEnumerable).IsAssignableFrom(type)
        && !TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static string TypeOf(PropertyInfo property) =>
        (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
        {
            { IsEnum: true } type => string.Join(", ", Enum.GetNames(type).Select(name => $"`{name}`")),
            var type when type == typeof(string) => "text",
            var type when type == typeof(bool) => "`true`, `false`",
            var type when type == typeof(TimeSpan) => "duration",
            var type when type == typeof(int) => "integer",
            var type when type == typeof(double) => "number",
            var type when typeof(IEnumerable<string>).IsAssignableFrom(type) => "list of texts",
            var type => throw new InvalidOperationException($"{type} has no name in the reference"),
        };

    private static string DefaultOf(object? value) =>
        value switch
        {
            null or "" or ICollection { Count: 0 } => "none",
            bool flag => flag ? "`true`" : "`false`",
            TimeSpan duration => $"`{duration:c}`",
            _ => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
        };

    private static string RangeOf(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"{Bound(range.Minimum)} to {Bound(range.Maximum)}")
        : property.GetCustomAttribute<MinLengthAttribute>() is { } length
            ? string.Create(CultureInfo.InvariantCulture, $"{length.Length} characters or more")
        : property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern ? $"`{pattern.Pattern}`"
        : "";

    private static string Bound(object bound) =>
        bound is string text
            ? $"`{TimeSpan.Parse(text, CultureInfo.InvariantCulture):c}`"
            : string.Create(CultureInfo.InvariantCulture, $"{bound:#,0.##}");
}
