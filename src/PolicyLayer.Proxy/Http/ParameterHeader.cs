namespace PolicyLayer.Proxy.Http;

/// <summary>A header that repeats an argument of a tool.</summary>
/// <param name="Header">Its whole name.</param>
/// <param name="Path">The members of <c>arguments</c> that lead to it, in UTF-8.</param>
internal sealed record ParameterHeader(string Header, IReadOnlyList<byte[]> Path);
