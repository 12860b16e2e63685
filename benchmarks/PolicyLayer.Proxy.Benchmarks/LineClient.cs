using System.Globalization;

namespace PolicyLayer.Benchmarks.Proxy;

/// <summary>Writes calls as lines, and hands each answer to whoever waits for its id.</summary>
internal sealed class LineClient : IDisposable
{
    private readonly Stream _output;
    private readonly StreamReader _input;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<long, TaskCompletionSource> _waiting = [];
    private readonly Task _reading;

    public LineClient(Stream output, Stream input)
    {
        (_output, _input) = (output, new StreamReader(input));
        _reading = Task.Run(ReadAsync);
    }

    public async Task CallAsync()
    {
        byte[] call = Messages.NextCall();
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Add(IdOf(System.Text.Encoding.UTF8.GetString(call)), answered);
        }

        await _turn.WaitAsync();
        try
        {
            await _output.WriteAsync((byte[])[.. call, (byte)'\n']);
            await _output.FlushAsync();
        }
        finally
        {
            _turn.Release();
        }

        await answered.Task;
    }

    public void Dispose()
    {
        _output.Dispose();
        _turn.Dispose();
    }

    private static long IdOf(string message)
    {
        int start = message.IndexOf("\"id\":", StringComparison.Ordinal) + 5;
        return long.Parse(message.AsSpan(start, message.IndexOf(',', start) - start), CultureInfo.InvariantCulture);
    }

    private async Task ReadAsync()
    {
        while (await _input.ReadLineAsync() is { } line)
        {
            Messages.Expect(System.Text.Encoding.UTF8.GetBytes(line));
            lock (_waiting)
            {
                _waiting.Remove(IdOf(line), out TaskCompletionSource? answered);
                answered!.SetResult();
            }
        }
    }
}
