using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>The summaries and remarks of types and properties, as Markdown.</summary>
internal sealed partial class XmlDocumentation
{
    /// <summary>Source generators write the same types into each assembly.</summary>
    private static readonly string[] Generated =
    [
        ":Microsoft.AspNetCore.OpenApi.Generated.",
        ":System.Text.RegularExpressions.Generated.",
    ];

    private readonly Dictionary<string, XElement> _members;

    private XmlDocumentation(Dictionary<string, XElement> members) => _members = members;

    /// <summary>Reads the documentation files beside the assemblies.</summary>
    public static XmlDocumentation Of(IEnumerable<Assembly> assemblies) =>
        new(
            assemblies
                .SelectMany(assembly =>
                    XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
                )
                .Where(member =>
                    !Generated.Any(name => member.Attribute("name")!.Value.Contains(name, StringComparison.Ordinal))
                )
                .ToDictionary(member => member.Attribute("name")!.Value)
        );

    public string SummaryOf(Type type) => SummaryOf($"T:{type.FullName}");

    public string SummaryOf(PropertyInfo property) =>
        SummaryOf($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private string SummaryOf(string member)
    {
        if (!_members.TryGetValue(member, out var element))
        {
            return "";
        }

        if (element.Element("inheritdoc")?.Attribute("cref") is { } source)
        {
            return SummaryOf(source.Value);
        }

        var parts = new[] { element.Element("summary"), element.Element("remarks") }.OfType<XElement>();
        return string.Join(' ', parts.Select(part => Whitespace().Replace(TextOf(part), " ").Trim()));
    }

    private static string TextOf(XElement element) => string.Concat(element.Nodes().Select(TextOf));

    private static string TextOf(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => see.Attribute("cref") is { } member
                ? $"`{member.Value[(member.Value.LastIndexOf('.') + 1)..]}`"
                : $"`{see.Attribute("langword")?.Value ?? see.Attribute("href")?.Value}`",
            XElement element => $"{TextOf(element)} ",
            _ => "",
        };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
