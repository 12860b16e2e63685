using System.Text;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Streams of events, however they are cut into pieces.</summary>
public sealed class EventReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata:b\n\n", "a,b")]
    [InlineData("data: a\r\n\r\ndata:b\r\n\r\n", "a,b")]
    [InlineData("data: a\r\rdata:b\r\r", "a,b")]
    [InlineData("data: a\r\n\ndata:b\n\r\n", "a,b")]
    [InlineData("data: a\ndata:  b\n\n", "a\n b")]
    [InlineData("id: 1\nretry: 5\ndata: \n\n", "")]
    [InlineData(": hello\r\n:\r\nevent: message\r\n: inside\r\nid:7\r\ndata:é:x\r\n\r\n", ",,é:x")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("data\n\n\n\ndatax: y\n\n", ",,,")]
    [InlineData("data: a\n\ndata: never ends", "a")]
    public void Every_byte_comes_out_and_every_message(string text, string messages)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int size = 1; size <= bytes.Length; size++)
        {
            var reader = new EventReader(1000);
            var raw = new MemoryStream();
            List<string> data = [];
            foreach (byte[] piece in bytes.Chunk(size))
            {
                piece.CopyTo(reader.GetMemory()[..piece.Length]);
                reader.Advance(piece.Length);
                while (reader.Read() is { } next)
                {
                    raw.Write(next.Raw.Span);
                    data.Add(Encoding.UTF8.GetString(next.Data.Span));
                }
            }

            string whole = text.Replace("data: never ends", "", StringComparison.Ordinal);
            Assert.Equal(whole, Encoding.UTF8.GetString(raw.ToArray()));
            Assert.Equal(messages.Split(',').Where(m => m.Length > 0), data.Where(m => m.Length > 0));
        }
    }

    [Fact]
    public void A_changed_event_keeps_its_other_fields()
    {
        ServerEvent read = ReadOne("id: 1\r\nevent: message\r\ndata: old\r\ndata: older\r\nretry: 3\r\n\r\n");

        Assert.Equal(
            "id: 1\r\nevent: message\r\ndata: new\ndata: er\nretry: 3\r\n\r\n",
            Encoding.UTF8.GetString(read.With("new\ner"u8.ToArray()).Span));
        Assert.Equal("id: 1\r\nevent: message\r\nretry: 3\r\n\r\n", Encoding.UTF8.GetString(read.With(null).Span));
    }

    [Theory]
    [InlineData(": secret\r\n", ":\r\n")]
    [InlineData("id: 1\n: secret\nsecret: x\n data: secret\ndata: a\ndata: b\n\n", "id: 1\n:\ndata: a\ndata: b\n\n")]
    [InlineData("id: 1\u2028data: secret\nretry: 1\u000bdata: secret\nevent: \u0085data: secret\ndata: a\n\n", "data: a\n\n")]
    [InlineData("id: 1\nretry: 5\ndata\n\n", "id: 1\nretry: 5\ndata\n\n")]
    public void What_is_not_of_an_event_is_not_shown(string text, string shown) =>
        Assert.Equal(shown, Encoding.UTF8.GetString(ReadOne(text).Shown.Span));

    [Theory]
    [InlineData("event: endpoint\ndata: /messages\n\n", true)]
    [InlineData("event: message\ndata: /messages\n\n", false)]
    public void The_old_transport_is_known(string text, bool isEndpoint) => Assert.Equal(isEndpoint, ReadOne(text).IsEndpoint);

    [Fact]
    public void An_event_has_its_bounds()
    {
        var reader = new EventReader(10);
        for (int i = 0; i < 4; i++)
        {
            "data"u8.CopyTo(reader.GetMemory().Span);
            Assert.False(reader.IsTooLong && i < 3);
            reader.Advance(4);
        }

        Assert.Null(reader.Read());
        Assert.True(reader.IsTooLong);
    }

    private static ServerEvent ReadOne(string text)
    {
        var reader = new EventReader(1000);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bytes.CopyTo(reader.GetMemory());
        reader.Advance(bytes.Length);
        return reader.Read()!;
    }
}
