using System.Text;
using PolicyLayer.Proxy.Messages;
using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary>What is said again to a server that was started again.</summary>
public sealed class LegacySessionTests
{
    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";
    private const string Answer = """{"jsonrpc":"2.0","id":0,"result":{}}""";

    private readonly LegacySession _session = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_client_says_after_its_request_is_kept_whenever_the_answer_comes(bool isEarly)
    {
        _session.NoteSent(Message(ProxyRun.Initialize("0")));
        if (isEarly)
        {
            _session.NoteSent(Message(Initialized));
        }

        _session.NoteAnswer(Message(Answer));
        if (!isEarly)
        {
            _session.NoteSent(Message(Initialized));
        }

        Assert.NotNull(_session.Initialize);
        Assert.Equal(Initialized, Encoding.UTF8.GetString(_session.Initialized!.Value.Span));
    }

    [Fact]
    public void What_belongs_to_a_session_that_was_never_opened_is_not_kept()
    {
        _session.NoteSent(Message(ProxyRun.Initialize("0")));
        _session.NoteSent(Message(Initialized));
        _session.NoteEnd();
        _session.NoteSent(Message(ProxyRun.Initialize("0")));
        _session.NoteAnswer(Message(Answer));

        Assert.NotNull(_session.Initialize);
        Assert.Null(_session.Initialized);
    }

    private static JsonRpcMessage Message(string text) => MessageReader.Read(Encoding.UTF8.GetBytes(text)).Message!;
}
