using System.Text;
using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary>Messages as lines.</summary>
public sealed class LineWriterTests
{
    [Fact]
    public async Task A_message_and_its_end_are_one_write()
    {
        var stream = new WrittenStream();
        using var writer = new LineWriter(stream);
        await writer.WriteAsync("{\"a\":\r\n1}"u8.ToArray(), CancellationToken.None);

        Assert.Equal(["{\"a\":  1}\n"], stream.Writes);
        Assert.Equal(1, stream.Flushes);
    }

    [Fact]
    public async Task Messages_of_many_are_never_mixed()
    {
        var stream = new WrittenStream { IsSlow = true };
        using var writer = new LineWriter(stream);
        await Task.WhenAll(
            Enumerable.Range(0, 100)
                .Select(i => Encoding.UTF8.GetBytes(new string('x', i)))
                .Select(message => writer.WriteAsync(message, CancellationToken.None).AsTask()));

        Assert.False(stream.HasMixed);
        Assert.Equal(Enumerable.Range(1, 100), stream.Writes.Select(line => line.Length).Order());
    }

    [Fact]
    public async Task Nothing_follows_a_line_that_was_left_unfinished()
    {
        using var stop = new CancellationTokenSource();
        var stream = new WrittenStream { IsStuck = true };
        using var writer = new LineWriter(stream);
        ValueTask writing = writer.WriteAsync("{}"u8.ToArray(), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writing);
        await Assert.ThrowsAsync<IOException>(async () => await writer.WriteAsync("{}"u8.ToArray(), CancellationToken.None));
        Assert.Single(stream.Writes);
    }

    private sealed class WrittenStream : MemoryStream
    {
        private int _atOnce;

        public List<string> Writes { get; } = [];

        public int Flushes { get; private set; }

        public bool HasMixed { get; private set; }

        public bool IsSlow { get; init; }

        public bool IsStuck { get; init; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            HasMixed |= Interlocked.Increment(ref _atOnce) > 1;
            if (IsSlow)
            {
                await Task.Yield();
            }

            Writes.Add(Encoding.UTF8.GetString(buffer.Span));
            if (IsStuck)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            Interlocked.Decrement(ref _atOnce);
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Flushes++;
            return Task.CompletedTask;
        }
    }
}
