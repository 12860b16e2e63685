using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Cli.Audit;

/// <summary>What a log that the tool signs is called in its checkpoints: <c>policylayer/</c> and its name.</summary>
internal static class LogOrigin
{
    private const string Beginning = "policylayer/";
    private const char InPlaceOfOthers = '-';

    /// <summary>The origin of a log by its file, <c>NAME.jsonl</c>.</summary>
    public static string Of(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        char[] origin = [.. Beginning.Concat(name).Take(AuditOrigin.MaxLength).Select(c => AuditOrigin.IsValid([c]) ? c : InPlaceOfOthers)];
        return new string(origin);
    }
}
