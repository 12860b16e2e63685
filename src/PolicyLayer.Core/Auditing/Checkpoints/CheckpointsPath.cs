using PolicyLayer.Auditing.Files;

namespace PolicyLayer.Auditing.Checkpoints;

/// <summary>Where the checkpoints of a log stand: beside it, in <c>NAME.checkpoints</c>.</summary>
internal static class CheckpointsPath
{
    private const string Extension = ".checkpoints";

    /// <summary>Of a log, by the file that is written.</summary>
    public static string Of(string active)
    {
        string path = Beside(active);
        return path != active
            ? path
            : throw new AuditLogException($"A log that is signed can't be named `{active}`: its checkpoints are to stand there.");
    }

    /// <summary>Of a log, by its latest file, which may be a rotated one: <c>NAME.000001.jsonl</c> is of <c>NAME</c>.</summary>
    public static string Find(string latest)
    {
        string path = Beside(latest);
        if (File.Exists(path) || RotatedName.NumberOf(Path.GetFileNameWithoutExtension(latest), out string name) is null)
        {
            return path;
        }

        return Path.Combine(Path.GetDirectoryName(latest) ?? "", name + Extension);
    }

    private static string Beside(string path) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path) + Extension);
}
