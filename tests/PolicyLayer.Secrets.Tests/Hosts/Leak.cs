using System.Text;

namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>Fails with what was given, in one way.</summary>
internal sealed class Leak(LeakyWay way) : IDisposable
{
    private readonly CancellationTokenSource _host = new();
    private int _count;

    /// <summary>The token of the host, which gives up in the midst of what fails that way.</summary>
    public CancellationToken Host => _host.Token;

    /// <summary>How often it has failed.</summary>
    public int Count => Volatile.Read(ref _count);

    public static string TextOf(ReadOnlyMemory<byte> content) => Encoding.UTF8.GetString(content.Span);

    public async ValueTask<T> FailAsync<T>(string given)
    {
        Interlocked.Increment(ref _count);
        switch (way)
        {
            case LeakyWay.Late:
                await Task.Yield();
                break;
            case LeakyWay.GivenUp:
                await _host.CancelAsync();
                throw new OperationCanceledException($"gave up on {given}", new SecretException(given), _host.Token);
        }

        throw new SecretException(given);
    }

    public void Dispose() => _host.Dispose();
}
