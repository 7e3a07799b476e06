using System.Reflection;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>
/// The published server has no simulation beside it: no type of the server may need the simulation's types to be
/// loaded. Only the bodies of methods may.
/// </summary>
public sealed class PublishedTypesTests
{
    private const string Simulation = "PresenceHub.Development";
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Types_OfTheServer_LoadWithoutTheSimulation()
    {
        var server = typeof(PresenceStore).Assembly;
        Assert.Contains(server.GetReferencedAssemblies(), reference => reference.Name == Simulation);

        var dependent =
            from type in server.GetTypes()
            from needed in NeededBy(type).SelectMany(WithArguments)
            where needed.Assembly.GetName().Name == Simulation
            select $"{type} needs {needed}";

        Assert.Equal([], dependent.Distinct());
    }

    private static IEnumerable<Type> NeededBy(Type type) =>
        type.GetFields(All)
            .Select(field => field.FieldType)
            .Concat(type.GetInterfaces())
            .Concat(type.BaseType is { } parent ? [parent] : []);

    private static IEnumerable<Type> WithArguments(Type type) =>
        type.GetGenericArguments().SelectMany(WithArguments).Append(type.GetElementType() ?? type);
}
