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
        >= 300 and < 400 => "The server sends its clients elsewhere.",
        401 or 407 => "The server doesn't take the proxy's credentials.",
        _ => answer.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            ? "The server's answer is encoded."
            : null,
    };

    /// <summary>Whether it is a stream of events.</summary>
    public static bool IsStream(HttpResponseMessage answer) =>
        answer.Content.Headers.ContentType?.MediaType?.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether it says that it is JSON.</summary>
    public static bool IsJson(HttpResponseMessage answer) =>
        answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

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

    /// <summary>Its type as it came; null for none.</summary>
    public static string? TypeOf(HttpResponseMessage answer) =>
        answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values)
            && HeaderText.IsPlain(values.ToString())
            ? values.ToString()
            : null;
}
