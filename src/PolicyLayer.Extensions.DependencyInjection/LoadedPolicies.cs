using PolicyLayer.Grants;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>What the documents said at start. Immutable, but for the directory.</summary>
/// <param name="Source">The documents.</param>
/// <param name="Result">What they said.</param>
/// <param name="Bundle">The policies and grants.</param>
/// <param name="Grants">The directory that the grants' document fills; null where no document has grants.</param>
internal sealed record LoadedPolicies(
    PolicyBundleSource Source, PolicyBundleResult Result, PolicyBundle Bundle, GrantDirectory? Grants);
