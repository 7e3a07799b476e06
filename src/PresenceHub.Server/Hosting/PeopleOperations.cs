using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using PresenceHub.Server.People;

namespace PresenceHub.Server.Hosting;

/// <summary>What the framework does not know of the operations about people.</summary>
internal static class PeopleOperations
{
    private const string ExampleId = "11111111-2222-3333-4444-555555555555";
    private const string ExampleAddress = "ada@contoso.com";

    public static void DescribeFind(OpenApiOperation operation)
    {
        DescribeKeys("ids", "Object ids", ExampleId);
        DescribeKeys("emails", "Addresses, mail or user principal name", ExampleAddress);
        var search = Parameter(operation, "search");
        search.Description = "Names or their beginnings, separated by spaces: all of them must fit.";
        search.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
        var department = Parameter(operation, "department");
        department.Description = "Lists the people of a department by name, page by page. Case does not count.";
        department.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
        var all = Parameter(operation, "all");
        all.Description = "true lists the whole company by name, page by page.";
        all.Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean };
        var after = Parameter(operation, "after");
        after.Description = "Of a list: the next of the page before, on the first page none";
        after.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
        var top = Parameter(operation, "top");
        top.Description =
            $"The most people that a search answers: 1 to {PeopleEndpoints.MaxTop}, {PeopleEndpoints.DefaultTop} "
            + $"unless given; of a page of a list: 1 to {PeopleEndpoints.MaxPage}, {PeopleEndpoints.DefaultPage} "
            + "unless given";
        top.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer };
        ApiOperations.SetExample(
            operation,
            "200",
            JsonNode.Parse(
                $$"""
                {
                  "people": [{
                    "key": "{{ExampleAddress}}", "id": "{{ExampleId}}", "displayName": "Ada Lovelace",
                    "mail": "{{ExampleAddress}}", "userPrincipalName": "{{ExampleAddress}}",
                    "jobTitle": "Engineer", "department": "Research"
                  }],
                  "rejected": [{ "key": "nothing", "reason": "{{RejectedKey.InvalidEmail}}" }],
                  "next": null
                }
                """
            )!
        );

        void DescribeKeys(string name, string what, string example)
        {
            var keys = Parameter(operation, name);
            keys.Description =
                $"{what}, separated by commas: 1 to {PeopleEndpoints.MaxKeys}. Exactly one parameter of "
                + "this operation names people.";
            keys.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
            keys.Example = example;
        }
    }

    public static void DescribePhoto(OpenApiOperation operation)
    {
        var id = Parameter(operation, "id");
        id.Description = "Object id of the person";
        id.Example = ExampleId;
        var size = Parameter(operation, "size");
        size.Description = "Pixels of a side: 48, unless given, or 96";
        size.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Enum = [48, 96] };
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "A JPEG, PNG, GIF or WebP",
            Content = new Dictionary<string, OpenApiMediaType> { ["image/*"] = new() },
        };
        operation.Responses["204"].Description = "The person has no photo, or may not be seen";
        operation.Responses["304"].Description = "The photo still has the entity tag of If-None-Match";
    }

    private static OpenApiParameter Parameter(OpenApiOperation operation, string name) =>
        (OpenApiParameter)operation.Parameters!.Single(parameter => parameter.Name == name);
}
