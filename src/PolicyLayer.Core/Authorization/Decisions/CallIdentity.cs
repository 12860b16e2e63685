namespace PolicyLayer.Authorization.Decisions;

/// <summary>What a call and one that goes on with it have in common: tool, server, grant, session with its source, and arguments.</summary>
/// <param name="call">The call, of which no argument value is kept.</param>
/// <param name="argumentsDigest">Stands for its arguments.</param>
internal sealed class CallIdentity(in ToolCall call, byte[] argumentsDigest)
{
    private readonly byte[] _arguments = argumentsDigest;
    private readonly string _tool = call.ToolName;
    private readonly string? _server = call.Server;
    private readonly string? _grant = call.GrantId;
    private readonly string? _session = call.SessionId;
    private readonly SessionSource _sessionSource = call.SessionSource;

    public bool Is(CallIdentity other) =>
        _tool == other._tool
        && _server == other._server
        && _grant == other._grant
        && _session == other._session
        && _sessionSource == other._sessionSource
        && _arguments.AsSpan().SequenceEqual(other._arguments);
}
