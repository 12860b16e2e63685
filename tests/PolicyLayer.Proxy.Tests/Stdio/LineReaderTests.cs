using System.Text;
using PolicyLayer.Proxy.Messages;
using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary>Lines from streams that hand out their bytes in any portions.</summary>
public sealed class LineReaderTests
{
    private const int Max = 40_000;

    public static TheoryData<int> Portions => [1, 7, 4096, int.MaxValue];

    [Theory]
    [MemberData(nameof(Portions))]
    public async Task Lines_come_as_they_were_without_their_ends(int portion)
    {
        string longest = new('x', Max);
        List<Line> lines = await ReadAsync($"one\n\n  \t\r\ntwo \r\n{longest}\r\n{longest}\n\rthree\rfour\n\r\r\nfive", portion);

        Assert.Equal(["one", "two ", longest, longest, "\rthree\rfour", "\r", "five"], lines.Select(Text));
        Assert.Equal(
            [null, null, null, null, MessageFault.LineBreak, MessageFault.LineBreak, null], lines.Select(line => line.Fault));
    }

    [Theory]
    [MemberData(nameof(Portions))]
    public async Task A_line_that_is_too_long_is_told_by_its_id_and_not_held(int portion)
    {
        string text = new('x', Max);
        List<Line> lines = await ReadAsync(
            $$$"""
            {"result":{"id":5,"method":1,"t":"\"{{{text}}}\\"},"jsonrpc":"2.0" , "id" : "a}\"b" }
            {"jsonrpc":"2.0","id":-12,"method":"tools/call","params":[{"id":7},"{{{text}}}"]}
            {"id":1,"id":2,"result":"{{{text}}}"}
            {"id":1,"\u0069d":2,"result":"{{{text}}}"}
            {"id":1,"ID":2,"result":"{{{text}}}"}
            {"id":{"id":3},"result":"{{{text}}}"}
            {{{text}}}{{{text}}}
            {"jsonrpc":"2.0","id":1,"result":{}}

            """.ReplaceLineEndings("\n"),
            portion);

        Assert.Equal(["\"a}\"b\"", "-12", null, null, null, null, null, null], lines.Select(line => line.Id?.Key));
        Assert.Equal([true, false, false, false, false, false, false, false], lines.Select(line => line.IsResponse));
        Assert.Equal(7, lines.Count(line => line is { Text.IsEmpty: true, Fault: not null }));
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", Text(lines[^1]));
    }

    [Fact]
    public async Task What_has_no_end_is_no_line_of_a_clients()
    {
        Assert.Equal(["one"], (await ReadAsync("one\ntwo", 100, takesTorn: false)).Select(Text));
    }

    [Fact]
    public async Task A_long_line_is_not_held()
    {
        var reader = new LineReader(new EndlessStream(), Max, takesTorn: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Line? line = await reader.ReadAsync(CancellationToken.None);

        Assert.Equal(MessageFault.TooLarge, line!.Value.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public async Task A_stream_that_does_not_hear_of_it_is_given_up()
    {
        using var stop = new CancellationTokenSource();
        var reader = new LineReader(new DeafStream(), Max, takesTorn: false);
        ValueTask<Line?> reading = reader.ReadAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
    }

    private static string Text(Line line) => Encoding.UTF8.GetString(line.Text.Span);

    private static async Task<List<Line>> ReadAsync(string text, int portion, bool takesTorn = true)
    {
        var reader = new LineReader(new PortionedStream(Encoding.UTF8.GetBytes(text), portion), Max, takesTorn);
        List<Line> lines = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    private sealed class PortionedStream(byte[] bytes, int portion) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(portion, buffer.Length)], cancellationToken);
    }

    /// <summary>One line of 256 MiB.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        private long _left = 256L * 1024 * 1024;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = (int)Math.Min(buffer.Length, _left);
            _left -= count;
            buffer.Span[..count].Fill((byte)'x');
            if (_left == 0 && count > 0)
            {
                buffer.Span[count - 1] = (byte)'\n';
            }

            return ValueTask.FromResult(count);
        }
    }

    private sealed class DeafStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<int>().Task);
    }
}
