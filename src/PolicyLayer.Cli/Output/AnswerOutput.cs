using System.Text;
using System.Text.Json;
using PolicyLayer.Approvals;
using PolicyLayer.Cli.Approvals;

namespace PolicyLayer.Cli.Output;

/// <summary>Says what became of an answer.</summary>
internal static class AnswerOutput
{
    /// <param name="answer">What was answered.</param>
    /// <param name="resolution">What became of it.</param>
    /// <param name="request">The request as it stands now; null where it isn't known.</param>
    /// <param name="asJson">Whether a program reads it.</param>
    /// <param name="environment">Where it is written.</param>
    public static void Write(
        GivenAnswer answer, ApprovalResolution resolution, ApprovalView? request, bool asJson, CommandEnvironment environment)
    {
        bool isDone = resolution == ApprovalResolution.Done;
        if (asJson)
        {
            WriteJson(answer, resolution, request, environment);
        }
        else if (isDone)
        {
            WriteLine(TextOf(answer.IsApproved, request), environment);
        }

        if (!isDone)
        {
            environment.Error.WriteLine(
                resolution == ApprovalResolution.Unknown ? AnswerText.OfUnknown(answer.Id) : AnswerText.Of(resolution));
        }
    }

    /// <summary>What an answer did that was taken.</summary>
    public static string TextOf(bool isApproved, ApprovalView? request)
    {
        string until = request is null ? "" : $" until {ApprovalWords.MomentOf(request.Until)} UTC";
        if (!isApproved)
        {
            return $"Refused: the same call is denied{until}.";
        }

        return request is null ? "Approved." : $"Approved: {ApprovalWords.CoverOf(request)},{until}.";
    }

    /// <summary>Writes a line for a person.</summary>
    public static void WriteLine(string text, CommandEnvironment environment)
    {
        var folded = new StringBuilder();
        FoldedText.AppendLine(folded, text, environment.TextWidth);
        environment.Output.Write(Encoding.UTF8.GetBytes(folded.ToString()));
        environment.Output.Flush();
    }

    private static void WriteJson(
        GivenAnswer answer, ApprovalResolution resolution, ApprovalView? request, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        Utf8JsonWriter json = line.Begin();
        json.WriteString("event", answer.IsApproved ? "approve" : "refuse");
        json.WriteBoolean("ok", resolution == ApprovalResolution.Done);
        json.WriteString("id", answer.Id);
        if (resolution != ApprovalResolution.Done)
        {
            json.WriteString("reason", resolution.ToWireString());
        }
        else if (request is not null)
        {
            json.WriteString("status", request.Status.ToWireString());
            json.WriteString("until", request.Until);
            if (answer.IsApproved)
            {
                json.WriteNumber("uses", request.Terms.Uses);
                json.WriteBoolean("exact", request.IsExact || request.Same.Count == 0);
            }
        }

        line.End();
    }
}

/// <summary>An answer to a request.</summary>
/// <param name="Id">The request's id, as the person gave it.</param>
/// <param name="IsApproved">Whether it approves; else it refuses.</param>
internal readonly record struct GivenAnswer(string Id, bool IsApproved);
