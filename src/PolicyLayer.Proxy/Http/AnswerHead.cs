using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace PolicyLayer.Proxy.Http;

/// <summary>The status and the headers of a server's answer.</summary>
internal static class AnswerHead
{
    private static readonly string[] Passed = ["Retry-After", "Cache-Control", HeaderNames.ProtocolVersion];

    /// <summary>Why an answer can't be passed on, whatever is in it; null where it can.</summary>
    public static string? FaultOf(HttpResponseMessage answer) => (int)answer.StatusCode switch
    {
        < 200 => "The server's answer is none.",
        >= 300 and < 400 => "The server sends its clients elsewhere.",
        401 or 407 => "The server doesn't take the proxy's credentials.",
        _ => answer.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            ? "The server's answer is encoded."
            : null,
    };

    /// <summary>
    /// How it is read, decided here alone. A header that isn't well-formed says what lenient readers take it for: what stands before the
    /// first parameter or the second value.
    /// </summary>
    public static AnswerType TypeOf(HttpResponseMessage answer)
    {
        // These never have a body.
        if ((int)answer.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent
            || !answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values))
        {
            return AnswerType.Other;
        }

        string type = values.ToString();
        int end = type.AsSpan().IndexOfAny(';', ',');
        type = end < 0 ? type : type[..end];
        return type.Trim().ToLowerInvariant() switch
        {
            "application/json" => AnswerType.Message,
            "text/event-stream" => AnswerType.Events,
            _ => AnswerType.Other,
        };
    }

    /// <summary>The type of its text as a person may be told it, quoted; what isn't plainly one isn't.</summary>
    public static string ShownTypeOf(HttpResponseMessage answer)
    {
        string? type = answer.Content.Headers.ContentType?.MediaType;
        bool isPlain = type is { Length: <= 100 } && type.All(each => char.IsAsciiLetterOrDigit(each) || each is '/' or '.' or '+' or '-');
        return isPlain ? $"`{type}`" : "a text of no known type";
    }

    /// <summary>The session that it gives or goes on with; null for none.</summary>
    public static string? SessionOf(HttpResponseMessage answer)
    {
        if (!answer.Headers.NonValidated.TryGetValues(HeaderNames.Session, out HeaderStringValues values)
            || values.Count == 0)
        {
            return null;
        }

        return values.ToString();
    }

    /// <summary>Has the client's answer begin as the server's does.</summary>
    public static void CopyTo(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (string name in Passed)
        {
            if (answer.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
            {
                string[] plain = [.. values.Where(HeaderText.IsPlain)];
                response.Headers[name] = plain;
            }
        }

        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = HttpMethods.Post;
        }
    }
}
