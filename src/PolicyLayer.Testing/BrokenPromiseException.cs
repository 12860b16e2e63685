namespace PolicyLayer.Testing;

/// <summary>Says what happened, until the case adds its name and promise.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
