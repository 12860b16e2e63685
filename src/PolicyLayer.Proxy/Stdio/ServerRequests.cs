using System.Text;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// What a server asks the client. A server that was started again may use the ids of the one before, so it gets others for them: what the
/// client answers to the one is never an answer to the other. Safe for any number of threads.
/// </summary>
internal sealed class ServerRequests
{
    private const int Max = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<JsonRpcId, JsonRpcId> _own = [];
    private readonly Dictionary<JsonRpcId, JsonRpcId> _renamed = [];
    private bool _isFirst = true;
    private long _count;

    /// <summary>The server ended: nobody waits for what the client hasn't answered.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _isFirst = false;
            _own.Clear();
            _renamed.Clear();
        }
    }

    /// <summary>A request or a notification of the server's as the client gets it.</summary>
    /// <returns>Null where the client has left too many unanswered.</returns>
    public ReadOnlyMemory<byte>? ToClient(JsonRpcMessage message)
    {
        lock (_lock)
        {
            if (_isFirst)
            {
                return message.Text;
            }

            return message.Kind == MessageKind.Request ? Rename(message) : RenameCancelled(message);
        }
    }

    /// <summary>An answer of the client's as the server gets it.</summary>
    /// <returns>Null for one that this server doesn't wait for.</returns>
    public ReadOnlyMemory<byte>? ToServer(JsonRpcMessage answer)
    {
        lock (_lock)
        {
            if (_isFirst || answer.Id is not { } id)
            {
                return answer.Text;
            }

            if (!_own.Remove(id, out JsonRpcId own))
            {
                return null;
            }

            _renamed.Remove(own);
            return answer.WithId(own.Text);
        }
    }

    private ReadOnlyMemory<byte>? Rename(JsonRpcMessage request)
    {
        if (_own.Count >= Max)
        {
            return null;
        }

        string key = $"\"policylayer-{++_count}\"";
        var renamed = new JsonRpcId(key, Encoding.UTF8.GetBytes(key));
        _own[renamed] = request.Id!.Value;
        _renamed[request.Id.Value] = renamed;
        return request.WithId(renamed.Text);
    }

    private ReadOnlyMemory<byte> RenameCancelled(JsonRpcMessage message)
    {
        if (message.Method != Methods.Cancelled
            || !Members.Find(message.Body, "requestId"u8, out JsonValue value)
            || message.IdOf(value) is not { } own
            || !_renamed.Remove(own, out JsonRpcId renamed))
        {
            return message.Text;
        }

        _own.Remove(renamed);
        var edits = new TextEdits();
        edits.Replace(message.PlaceOf(value), renamed.Text);
        return edits.ApplyTo(message.Text);
    }
}
