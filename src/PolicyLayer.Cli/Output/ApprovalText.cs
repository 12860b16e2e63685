using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// One request, whole, as a person reads it who is to answer: what deceives the eye is marked, nothing is cut off. It is written as it is
/// made, and is linear in the request.
/// </summary>
internal sealed class ApprovalText
{
    /// <summary>How many bytes of JSON are shown.</summary>
    private const long MaxShown = 1024 * 1024;

    private const int MaxHeld = 16 * 1024;

    /// <summary>What a line about a counter takes beside its name.</summary>
    private const long SizeOfLine = 64;

    private readonly StringBuilder _text = new();
    private readonly Stream _output;
    private readonly int _width;

    private ApprovalText(Stream output, int width)
    {
        _output = output;
        _width = width;
    }

    /// <summary>Whether a request is shown whole: nobody reads millions of lines at a terminal.</summary>
    public static bool CanShow(ApprovalView request) => ApprovalWords.CanBeShown(request) && SizeOf(request) <= MaxShown;

    public static void Write(ApprovalView request, CommandEnvironment environment)
    {
        var text = new ApprovalText(environment.Output, environment.TextWidth);
        text.Append(request, environment.Time.GetUtcNow());
        text.Send();
        environment.Output.Flush();
    }

    private void Append(ApprovalView request, DateTimeOffset now)
    {
        AppendLine($"Request {VisibleText.OfQuotedName(request.Id)}");
        AppendField("status", ApprovalWords.StatusOf(request, now));
        AppendField("because", TextOf(request.AnsweredBecause));
        AppendField("asked", ApprovalWords.MomentOf(request.Requested) + " UTC");
        AppendName("grant", request.GrantId);
        if (ApprovalWords.CanBeShown(request))
        {
            AppendContent(request);
        }
        else
        {
            AppendLine(ApprovalWords.IsOpen(request)
                ? "  What it is about can't be read with these keys, or it is kept in clear and none are given for that."
                : "  It has ended, and what it was about is erased.");
        }
    }

    private void AppendContent(ApprovalView request)
    {
        AppendField("label", TextOf(request.GrantLabel));
        AppendName("session", request.SessionId, request.SessionSource is { } source ? $" (from {VisibleText.OfQuotedName(source)})" : "");
        AppendName("server", request.Server);
        AppendName("tool", request.ToolName);
        AppendName("risk", request.Risk);
        AppendField("why", TextOf(request.AskedBecause));
        foreach (string rule in request.Rules)
        {
            AppendName("rule", rule);
        }

        AppendName("policy", request.PolicyName, $", revision {VisibleText.OfName(request.PolicyRevision ?? "")}");
        AppendField("covers", ApprovalWords.CoverOf(request));
        if (!CanShow(request))
        {
            string size = SizeOf(request).ToString(CultureInfo.InvariantCulture);
            AppendLine($"  It is too large to show here ({size} bytes): see `approvals show ID --json`.");
            return;
        }

        foreach (ApprovalCounter counter in request.Counters)
        {
            AppendField("counter", ApprovalWords.StandingOf(counter));
        }

        var values = new ValueLines(line => AppendLine("  " + line));
        if (request.Context is { } context)
        {
            foreach (JsonProperty fact in context.EnumerateObject())
            {
                values.Write(VisibleText.OfName(fact.Name), fact.Value);
            }
        }

        values.Write("args", request.Arguments!.Value);
    }

    private static long SizeOf(ApprovalView request) =>
        SizeOf(request.Context) + SizeOf(request.Arguments) + request.Counters.Sum(counter => SizeOfLine + counter.Name.Length);

    private static long SizeOf(JsonElement? value) => value is { } element ? JsonMarshal.GetRawUtf8Value(element).Length : 0;

    private static string? TextOf(string? text) => text is null ? null : VisibleText.Of(text) + RightToLeft.NoteOf(text);

    private void AppendName(string field, string? name, string behind = "") =>
        AppendField(field, name is null ? null : VisibleText.OfQuotedName(name) + behind);

    private void AppendField(string field, string? text)
    {
        if (text is not null)
        {
            AppendLine($"  {field,-8} {text}");
        }
    }

    private void AppendLine(string text)
    {
        FoldedText.AppendLine(_text, text, _width);
        if (_text.Length > MaxHeld)
        {
            Send();
        }
    }

    private void Send()
    {
        _output.Write(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }
}
