namespace PolicyLayer.Tests;

/// <summary>A fact about a public suite beside the repository; shown as skipped where the suite isn't there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SuiteFactAttribute : FactAttribute
{
    /// <summary>Skips the fact when the suite is absent.</summary>
    /// <param name="suite">The name of its folder, or file, under <c>../shared/suites</c>.</param>
    public SuiteFactAttribute(string suite)
    {
        if (Find(suite) is null)
        {
            Skip = $"../shared/suites/{suite} isn't there.";
        }
    }

    /// <summary>Where the suite is; null when it isn't there.</summary>
    /// <param name="suite">The name of its folder, or file, under <c>../shared/suites</c>.</param>
    public static string? Find(string suite)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PolicyLayer.Core.sln")))
            {
                string path = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "suites", suite));
                return Path.Exists(path) ? path : null;
            }
        }

        return null;
    }
}
