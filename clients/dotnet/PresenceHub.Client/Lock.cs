#if !NET9_0_OR_GREATER
namespace PresenceHub.Client;

/// <summary>Stands for <c>System.Threading.Lock</c>, which .NET 8 does not have. The <c>lock</c> statement enters its
/// monitor.</summary>
internal sealed class Lock;
#endif
