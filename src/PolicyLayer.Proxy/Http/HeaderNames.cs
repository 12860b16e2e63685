namespace PolicyLayer.Proxy.Http;

/// <summary>Headers of the protocol, as it writes them.</summary>
internal static class HeaderNames
{
    public const string ProtocolVersion = "MCP-Protocol-Version";
    public const string Method = "Mcp-Method";
    public const string Name = "Mcp-Name";
    public const string ParameterPrefix = "Mcp-Param-";
    public const string Session = "Mcp-Session-Id";
    public const string LastEvent = "Last-Event-ID";
}
