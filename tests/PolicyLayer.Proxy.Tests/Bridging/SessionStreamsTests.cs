using System.Text;
using PolicyLayer.Proxy.Bridging;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>The streams of one session: who is told what, and what becomes of it where nobody reads.</summary>
public sealed class SessionStreamsTests
{
    private readonly SessionStreams _streams = new();

    [Fact]
    public async Task What_nobody_reads_waits_for_the_next_stream_the_latest_100_of_it()
    {
        List<string?> lost = [];
        for (int i = 0; i < 103; i++)
        {
            lost.Add(await PutAsync($"{i}"));
        }

        Assert.Equal([.. Enumerable.Repeat((string?)null, 100), "0", "1", "2"], lost);
        Assert.Equal(Enumerable.Range(3, 100).Select(i => $"{i}"), Read(Open(isFirst: true)));
        Assert.Empty(Read(Open(isFirst: true)));
    }

    [Fact]
    public async Task What_a_closed_stream_had_left_is_for_the_next()
    {
        Mailbox closed = Open(isFirst: true);
        await PutAsync("read");
        Assert.Equal(["read"], Read(closed));
        await PutAsync("left");
        await PutAsync("over");

        _streams.Return(closed);
        await PutAsync("later");

        Assert.Equal(["left", "over", "later"], Read(Open(isFirst: false)));
    }

    [Fact]
    public async Task What_a_closed_stream_had_left_goes_to_one_that_is_open()
    {
        Mailbox open = Open(isFirst: false);
        Mailbox closed = Open(isFirst: true);
        await PutAsync("left");

        _streams.Return(closed);

        Assert.Equal(["left"], Read(open));
    }

    [Fact]
    public async Task Streams_that_are_there_for_news_come_first_and_the_latest_of_them()
    {
        Mailbox earlier = Open(isFirst: true);
        Mailbox latest = Open(isFirst: true);
        Mailbox ofRequest = Open(isFirst: false);

        await PutAsync("1");
        Assert.Equal(["1"], Read(latest));
        _streams.Return(latest);
        await PutAsync("2");
        Assert.Equal(["2"], Read(earlier));
        _streams.Return(earlier);
        await PutAsync("3");
        Assert.Equal(["3"], Read(ofRequest));
    }

    [Fact]
    public async Task A_stream_that_takes_no_more_is_passed_over()
    {
        Mailbox open = Open(isFirst: true);
        Mailbox closed = Open(isFirst: true);
        closed.Close();

        Assert.Null(await PutAsync("told"));

        Assert.Equal(["told"], Read(open));
    }

    [Fact]
    public async Task What_the_server_before_said_is_for_nobody()
    {
        await PutAsync("stale");

        _streams.Forget();

        Assert.Empty(Read(Open(isFirst: true)));
    }

    [Fact]
    public void The_end_closes_all_of_them_and_those_that_come_after()
    {
        Mailbox[] open = [Open(isFirst: true), Open(isFirst: false)];

        _streams.Close();

        Assert.All((Mailbox[])[.. open, Open(isFirst: true)], box => Assert.True(box.News.Completion.IsCompleted));
    }

    private Mailbox Open(bool isFirst)
    {
        var box = new Mailbox(takesNews: true);
        _streams.Add(box, isFirst);
        return box;
    }

    /// <summary>Tells something.</summary>
    /// <returns>What nobody will read.</returns>
    private async Task<string?> PutAsync(string method)
    {
        byte[] text = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"{{method}}"}""");
        return (await _streams.PutAsync(MessageReader.ReadServer(text).Message!, CancellationToken.None))?.Method;
    }

    private static List<string> Read(Mailbox box)
    {
        List<string> read = [];
        while (box.News.TryRead(out ReadOnlyMemory<byte> text))
        {
            read.Add(MessageReader.ReadServer(text).Message!.Method!);
        }

        return read;
    }
}
