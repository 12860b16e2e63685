using System.Net;
using Microsoft.AspNetCore.Http;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Heads of servers' answers that few servers give.</summary>
public sealed class AnswerHeadTests
{
    [Theory]
    [InlineData(200, "application/json", "Message")]
    [InlineData(200, "text/event-stream", "Events")]
    [InlineData(204, "application/json", "Other")]
    [InlineData(205, "application/json", "Other")]
    [InlineData(205, "text/event-stream", "Other")]
    [InlineData(200, "x, application/json", "Other")]
    [InlineData(200, " application/json , x", "Message")]
    public void An_answer_has_one_type(int status, string type, string expected)
    {
        using HttpResponseMessage answer = Answer(status);
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal(expected, AnswerHead.TypeOf(answer).ToString());
    }

    [Theory]
    [InlineData(200, null, false)]
    [InlineData(200, "identity", false)]
    [InlineData(200, "br", true)]
    [InlineData(199, null, true)]
    [InlineData(300, null, true)]
    [InlineData(399, null, true)]
    [InlineData(400, null, false)]
    [InlineData(401, null, true)]
    [InlineData(403, null, false)]
    [InlineData(407, null, true)]
    public void What_only_a_proxys_caller_could_follow_is_not_passed_on(int status, string? encoding, bool isFault)
    {
        using HttpResponseMessage answer = Answer(status);
        if (encoding is not null)
        {
            answer.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        Assert.Equal(isFault, AnswerHead.FaultOf(answer) is not null);
    }

    [Fact]
    public void A_value_that_no_header_may_have_is_left_out()
    {
        using HttpResponseMessage answer = Answer(200);
        answer.Headers.TryAddWithoutValidation("Retry-After", ["1", "\u00e9"]);
        HttpResponse response = new DefaultHttpContext().Response;

        AnswerHead.CopyTo(response, answer);

        Assert.Equal("1", response.Headers.RetryAfter.ToString());
    }

    private static HttpResponseMessage Answer(int status) => new((HttpStatusCode)status) { Content = new ByteArrayContent([]) };
}
