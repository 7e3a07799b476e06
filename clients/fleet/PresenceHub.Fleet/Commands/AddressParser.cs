using System.CommandLine.Parsing;

namespace PresenceHub.Fleet.Commands;

/// <summary>Reads addresses from arguments.</summary>
internal static class AddressParser
{
    public static Uri[] ReadAll(ArgumentResult result)
    {
        var addresses = new List<Uri>();
        foreach (var token in result.Tokens)
        {
            if (Uri.TryCreate(token.Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                addresses.Add(address);
            }
            else
            {
                result.AddError($"'{token.Value}' is no address: write it like http://localhost:5080.");
            }
        }

        return [.. addresses];
    }

    public static Uri? ReadOne(ArgumentResult result) => ReadAll(result).FirstOrDefault();
}
