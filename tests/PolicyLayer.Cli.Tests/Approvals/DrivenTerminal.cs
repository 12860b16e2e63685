using System.IO.Pipelines;
using System.Text;
using PolicyLayer.Cli;

namespace PolicyLayer.Tests.Cli.Approvals;

/// <summary>A command whose output is read while it runs, and which is answered.</summary>
internal sealed class DrivenTerminal : IAsyncDisposable
{
    private readonly Pipe _input = new();
    private readonly Output _output = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Task<int> _run;

    public DrivenTerminal(Command.Setup setup, bool isInteractive, params string[] args)
    {
        setup = setup with { InputStream = _input.Reader.AsStream(), IsInteractive = isInteractive, Width = isInteractive ? 120 : null };
        _run = Task.Run(() => PolicyLayerCommand.RunAsync(args, setup.ToEnvironment(_output, _error), _cancellation.Token));
    }

    public string Text => _output.Text;

    public string Error => _error.ToString();

    public async ValueTask DisposeAsync()
    {
        await _cancellation.CancelAsync();
        await _run;
        _cancellation.Dispose();
        await _error.DisposeAsync();
        await _output.DisposeAsync();
    }

    /// <summary>Waits until a text was written behind what was waited for before.</summary>
    public async Task ExpectAsync(string text)
    {
        Task seen = _output.ExpectAsync(text);
        await await Task.WhenAny(seen, _run, Task.Delay(TimeSpan.FromMinutes(1)));
        Assert.True(seen.IsCompletedSuccessfully, $"Without `{text}`: {Text}{Error}");
    }

    public async Task TypeAsync(string text) => await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Ends the input, and waits for the command.</summary>
    public async Task<int> EndInputAsync()
    {
        await _input.Writer.CompleteAsync();
        return await _run;
    }

    public async Task<int> CancelAsync()
    {
        await _cancellation.CancelAsync();
        return await _run;
    }

    /// <summary>A stream that says when a text has been written.</summary>
    private sealed class Output : MemoryStream
    {
        private readonly Lock _lock = new();
        private readonly StringBuilder _text = new();
        private int _start;
        private (string Text, TaskCompletionSource Seen)? _expected;

        public string Text
        {
            get
            {
                lock (_lock)
                {
                    return _text.ToString();
                }
            }
        }

        public Task ExpectAsync(string text)
        {
            lock (_lock)
            {
                var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _expected = (text, seen);
                Look();
                return seen.Task;
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_lock)
            {
                // The command writes whole characters.
                _text.Append(Encoding.UTF8.GetString(buffer));
                Look();
            }
        }

        private void Look()
        {
            if (_expected is not { } expected)
            {
                return;
            }

            int index = _text.ToString().IndexOf(expected.Text, _start, StringComparison.Ordinal);
            if (index >= 0)
            {
                _start = index + expected.Text.Length;
                _expected = null;
                expected.Seen.SetResult();
            }
        }
    }
}
