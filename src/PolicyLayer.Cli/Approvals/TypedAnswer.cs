namespace PolicyLayer.Cli.Approvals;

/// <summary>
/// What a person typed under a request. An approval names the request: a line that was begun under another one approves nothing.
/// </summary>
internal static class TypedAnswer
{
    private const int CodeLength = 4;

    private static readonly string[] Refusals = ["r", "refuse"];

    /// <summary>What an approval names a request by: how its id begins.</summary>
    public static string CodeOf(string id) => id[..Math.Min(CodeLength, id.Length)];

    /// <param name="id">The request's id.</param>
    /// <param name="canApprove">Whether it was shown.</param>
    public static string QuestionOf(string id, bool canApprove)
    {
        string approvals = canApprove
            ? $"[o {CodeOf(id)}] approve this very call, once; [a {CodeOf(id)}] approve all that it covers, as asked; "
            : "";
        return approvals + "[r]efuse (and why); [s]kip? ";
    }

    public static bool IsSkip(string line) => line.Trim() is "s" or "skip";

    /// <summary>
    /// The answer; null where the line is none. An approval is whole words and the request's code, so that none slips in; a refusal may
    /// say why.
    /// </summary>
    /// <param name="line">What was typed.</param>
    /// <param name="id">The id of the request that it was typed under.</param>
    public static PersonAnswer? Parse(string line, string id)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length > 1 && string.Equals(words[^1], CodeOf(id), StringComparison.OrdinalIgnoreCase))
        {
            switch (string.Join(' ', words[..^1]))
            {
                case "o" or "once" or "approve once":
                    return new PersonAnswer(IsApproved: true) { IsOnce = true };
                case "a" or "as asked" or "approve as asked":
                    return new PersonAnswer(IsApproved: true);
            }
        }

        string[] refusal = line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        return Refusals.Contains(refusal[0], StringComparer.Ordinal)
            ? new PersonAnswer(IsApproved: false) { Reason = refusal.ElementAtOrDefault(1) }
            : null;
    }
}
