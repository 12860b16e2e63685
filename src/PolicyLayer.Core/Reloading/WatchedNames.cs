namespace PolicyLayer.Reloading;

/// <summary>Where files would be seen to change: their names in their folders, and those of the links that lead to them.</summary>
internal static class WatchedNames
{
    /// <summary>Links of one file that are followed; those of a circle end too.</summary>
    private const int MaxLinks = 40;

    /// <summary>The names in each folder, with full paths of folders. It never throws.</summary>
    public static Dictionary<string, HashSet<string>> Of(IEnumerable<string> paths)
    {
        var names = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            int links = MaxLinks;
            Add(path, names, ref links);
        }

        return names;
    }

    private static void Add(string path, Dictionary<string, HashSet<string>> names, ref int links)
    {
        AddName(path, names);
        for (string? part = path; part is not null; part = Path.GetDirectoryName(part))
        {
            if (links > 0 && TargetOf(part) is { } target)
            {
                links--;
                AddName(part, names);
                Add(Path.Join(target, path[part.Length..]), names, ref links);
            }
        }
    }

    private static void AddName(string path, Dictionary<string, HashSet<string>> names)
    {
        if (Path.GetDirectoryName(path) is { } folder)
        {
            names.TryAdd(folder, new HashSet<string>(StringComparer.OrdinalIgnoreCase));
            names[folder].Add(Path.GetFileName(path));
        }
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is { } target && Path.GetDirectoryName(path) is { } folder
                ? Path.GetFullPath(target, folder)
                : null;
        }
        catch (Exception)
        {
            // What can't be followed isn't watched, but read.
            return null;
        }
    }
}
