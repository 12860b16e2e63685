using System.Net;
using Microsoft.AspNetCore.Connections;

namespace PolicyLayer.Proxy.Http;

/// <summary>Lets one address have so many connections, so that it doesn't have all of them. Safe for any number of threads.</summary>
internal sealed class ConnectionsByAddress
{
    /// <summary>So many are let in at a time, whosever they are.</summary>
    public const int MaxOfAll = 4096;

    /// <summary>So many of one address.</summary>
    public const int Max = MaxOfAll / 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];

    /// <summary>Serves a connection, or cuts it off at once.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress key = ClientAddress.KeyOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryEnter(key))
        {
            connection.Abort(new ConnectionAbortedException("Its address has too many connections."));
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Leave(key);
        }
    }

    private bool TryEnter(IPAddress key)
    {
        lock (_lock)
        {
            int count = _byAddress.GetValueOrDefault(key);
            if (count >= Max)
            {
                return false;
            }

            _byAddress[key] = count + 1;
            return true;
        }
    }

    private void Leave(IPAddress key)
    {
        lock (_lock)
        {
            if (--_byAddress[key] == 0)
            {
                _byAddress.Remove(key);
            }
        }
    }
}
