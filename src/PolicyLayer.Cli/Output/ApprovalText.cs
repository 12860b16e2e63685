using System.Text;
using System.Text.Json;
using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Output;

/// <summary>One request, whole, as a person reads it who is to answer: what deceives the eye is marked, nothing is cut off.</summary>
internal sealed class ApprovalText
{
    private readonly StringBuilder _text = new();
    private readonly int _width;

    private ApprovalText(int width)
    {
        _width = width;
    }

    public static void Write(ApprovalView request, CommandEnvironment environment)
    {
        var text = new ApprovalText(environment.TextWidth);
        text.Append(request, environment.Time.GetUtcNow());
        environment.Output.Write(Encoding.UTF8.GetBytes(text._text.ToString()));
        environment.Output.Flush();
    }

    private void Append(ApprovalView request, DateTimeOffset now)
    {
        AppendLine($"Request {VisibleText.OfName(request.Id)}");
        AppendField("status", ApprovalWords.StatusOf(request, now));
        AppendField("because", request.AnsweredBecause is { } words ? VisibleText.Of(words) : null);
        AppendField("asked", ApprovalWords.MomentOf(request.Requested) + " UTC");
        AppendField("grant", VisibleText.OfName(request.GrantId));
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
        AppendField("label", request.GrantLabel is { } label ? VisibleText.Of(label) : null);
        AppendName("session", request.SessionId, request.SessionSource is { } source ? $" (from {VisibleText.OfName(source)})" : "");
        AppendName("server", request.Server);
        AppendName("tool", request.ToolName);
        AppendName("risk", request.Risk);
        AppendField("why", request.AskedBecause is { } why ? VisibleText.Of(why) : null);
        foreach (string rule in request.Rules)
        {
            AppendName("rule", rule);
        }

        AppendName("policy", request.PolicyName, $", revision {VisibleText.OfName(request.PolicyRevision ?? "")}");
        AppendField("covers", ApprovalWords.CoverOf(request));
        if (request.Context is { } context)
        {
            foreach (JsonProperty fact in context.EnumerateObject())
            {
                AppendValues(VisibleText.OfName(fact.Name), fact.Value);
            }
        }

        AppendValues("args", request.Arguments!.Value);
    }

    private void AppendValues(string root, JsonElement value)
    {
        foreach (ValueLine line in ValueLines.Of(root, value))
        {
            AppendLine($"  {line.Path} = {line.Text}");
        }
    }

    private void AppendName(string field, string? name, string behind = "") =>
        AppendField(field, name is null ? null : VisibleText.OfName(name) + behind);

    private void AppendField(string field, string? text)
    {
        if (text is not null)
        {
            AppendLine($"  {field,-8} {text}");
        }
    }

    private void AppendLine(string text) => FoldedText.AppendLine(_text, text, _width);
}
