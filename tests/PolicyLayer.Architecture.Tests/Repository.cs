using System.Reflection;

namespace PolicyLayer.Tests.Architecture;

/// <summary>The sources that the tests read: those that git would keep, not what a build made.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>The C# files below a folder, as paths relative to it with `/`, in ordinal order.</summary>
    public static IReadOnlyList<string> SourcesIn(string folder) => FilesIn(folder, "*.cs");

    /// <summary>The files of a kind below a folder, as paths relative to it with `/`, in ordinal order.</summary>
    public static IReadOnlyList<string> FilesIn(string folder, string pattern)
    {
        string start = Path.Combine(Root, folder);
        return
        [
            .. Directory.EnumerateFiles(start, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(start, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "node_modules"))
                .Order(StringComparer.Ordinal),
        ];
    }
}
