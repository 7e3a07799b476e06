using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Extensions;
using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>Lists the users that can sign in; a click signs the user in. There are no passwords.</summary>
internal static class SignInPage
{
    public static IResult Render(HttpRequest request, IEnumerable<Person> people)
    {
        var page = new StringBuilder(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sign in</title><h1>Sign in as</h1><ul>"
        );
        foreach (var person in people)
        {
            var query = new QueryBuilder(request.Query.Where(pair => pair.Key is not ("login_hint" or "prompt")));
            query.Add("login_hint", person.Id.ToString());
            page.Append("<li><a href=\"")
                .Append(WebUtility.HtmlEncode(query.ToString()))
                .Append("\">")
                .Append(WebUtility.HtmlEncode(person.DisplayName))
                .Append("</a> ")
                .Append(WebUtility.HtmlEncode(person.Department))
                .Append("</li>");
        }

        return Results.Content(page.Append("</ul></html>").ToString(), "text/html; charset=utf-8");
    }
}
