using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Readme;

/// <summary>What README shows is what is compiled and run here.</summary>
public sealed class ReadmeTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "readme");

    [Theory]
    [InlineData("Program.cs")]
    [InlineData("HostedQuickStart.cs")]
    [InlineData("DictionaryCounterStore.cs")]
    [InlineData("DictionaryCounterStoreTests.cs")]
    public async Task A_snippet_is_a_file_that_compiles(string file)
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"));
        string source = await File.ReadAllTextAsync(Path.Combine(Folder, file));
        Assert.Contains("```csharp\n" + source.Trim() + "\n```", readme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_link_leads_somewhere()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"));
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "PolicyLayer.Core.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        string[] links = [.. Regex.Matches(readme, @"\]\((?!https?:)([^)#]+)").Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(root, link)), link));
    }

    [Fact]
    public async Task The_quick_start_runs()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "PolicyLayer.QuickStart.dll") },
            RedirectStandardOutput = true,
        })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Matches("Try again in [0-9]+ (second|minute|hour)s?\\.", output);
        Assert.Equal(
            [
                "run_code: allowed",
                "run_code: allowed",
                "run_code: [POLICY DENIED] The limit `run_code_rate` of 2 per day is used up.",
                "delete_everything: [POLICY DENIED] This tool is not listed in the policy.",
            ],
            Regex.Replace(output, " Try again in .*", "").Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
