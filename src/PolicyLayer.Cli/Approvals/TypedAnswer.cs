namespace PolicyLayer.Cli.Approvals;

/// <summary>What a person typed under a request.</summary>
internal static class TypedAnswer
{
    public const string Question = "[o]nce: approve this very call; [a]s asked: approve all that it covers; [r]efuse (and why); [s]kip? ";

    public const string QuestionOfUnread = "[r]efuse (and why); [s]kip? ";

    private static readonly string[] Refusals = ["r", "refuse"];

    public static bool IsSkip(string line) => line.Trim() is "s" or "skip";

    /// <summary>
    /// The answer; null where the line is none. An approval is whole words alone, so that none slips in; a refusal may say why.
    /// </summary>
    public static PersonAnswer? Parse(string line)
    {
        string text = line.Trim();
        switch (text)
        {
            case "o" or "once" or "approve once":
                return new PersonAnswer(IsApproved: true) { IsOnce = true };
            case "a" or "as asked" or "approve as asked":
                return new PersonAnswer(IsApproved: true);
        }

        string[] words = text.Split(' ', 2, StringSplitOptions.TrimEntries);
        return Refusals.Contains(words[0], StringComparer.Ordinal)
            ? new PersonAnswer(IsApproved: false) { Reason = words.ElementAtOrDefault(1) }
            : null;
    }
}
