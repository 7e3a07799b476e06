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
                  "rejected": [{ "key": "nothing", "reason": "{{RejectedKey.InvalidEmail}}" }]
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

    private static OpenApiParameter Parameter(OpenApiOperation operation, string name) =>
        (OpenApiParameter)operation.Parameters!.Single(parameter => parameter.Name == name);
}
