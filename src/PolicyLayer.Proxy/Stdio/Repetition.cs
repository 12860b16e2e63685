using System.Text;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>Opens a client's session with a server that was started again: the client doesn't hear of it.</summary>
internal sealed class Repetition
{
    private readonly JsonRpcMessage _initialize;
    private readonly ReadOnlyMemory<byte>? _initialized;
    private readonly string _id;
    private readonly TaskCompletionSource<JsonRpcMessage?> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes one.</summary>
    /// <param name="initialize">The client's own request.</param>
    /// <param name="initialized">What it said then; null for nothing.</param>
    /// <param name="number">What no other repetition of the session has.</param>
    public Repetition(JsonRpcMessage initialize, ReadOnlyMemory<byte>? initialized, int number)
    {
        (_initialize, _initialized) = (initialize, initialized);
        _id = $"\"policylayer-initialize-{number}\"";
    }

    /// <summary>Whether a line is the answer to it, which is nobody else's.</summary>
    public bool TryTake(ReadResult line) =>
        line is { IsResponse: true, Id: { } id } && id.Key == _id && _answered.TrySetResult(line.Message);

    /// <summary>Opens the session.</summary>
    /// <returns>Why the server wouldn't; null where it did.</returns>
    public async Task<string?> RunAsync(ChildProcess child, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        await child.WriteAsync(_initialize.WithId(Encoding.UTF8.GetBytes(_id)), cancellationToken).ConfigureAwait(false);
        try
        {
            JsonRpcMessage? answer = await _answered.Task.WaitAsync(within, time, cancellationToken).ConfigureAwait(false);
            if (answer is null or { IsError: true })
            {
                return answer is null ? "its answer couldn't be read." : "it answered with an error.";
            }
        }
        catch (TimeoutException)
        {
            return "it didn't answer in time.";
        }

        if (_initialized is { } initialized)
        {
            await child.WriteAsync(initialized, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }
}
