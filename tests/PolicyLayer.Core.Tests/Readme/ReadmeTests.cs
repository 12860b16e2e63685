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
    [InlineData("ToolHost.cs")]
    [InlineData("RetryingRunner.cs")]
    [InlineData("TestedHostTests.cs")]
    [InlineData("PatientHost.cs")]
    [InlineData("ReloadingHost.cs")]
    [InlineData("GuardedFunctions.cs")]
    [InlineData("DictionaryCounterStore.cs")]
    [InlineData("DictionaryCounterStoreTests.cs")]
    public async Task A_snippet_is_a_file_that_compiles(string file)
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"));
        string source = await File.ReadAllTextAsync(Path.Combine(Folder, file));
        Assert.Contains("```csharp\n" + source.Trim() + "\n```", readme, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"command":"ls -l"}""", "allowed")]
    [InlineData("""{"command":"cat a.txt | grep -n total","cwd":"/workspace/app"}""", "allowed")]
    [InlineData("""{"command":"cat /etc/shadow"}""", "require_failed")]
    [InlineData("""{"command":"cat ../x"}""", "require_failed")]
    [InlineData("""{"command":"cat ../../secret"}""", "require_failed")]
    [InlineData("""{"command":"grep -f x"}""", "require_failed")]
    [InlineData("""{"command":"grep -f /etc/shadow x"}""", "require_failed")]
    [InlineData("""{"command":"ls; id"}""", "require_failed")]
    [InlineData("""{"command":"ls\rrm -rf x"}""", "require_failed")]
    [InlineData("""{"command":"cat $(id)"}""", "require_failed")]
    [InlineData("""{"command":"cat <(id)"}""", "require_failed")]
    [InlineData("""{"command":"cat \\\\evil.test\\share\\x"}""", "require_failed")]
    [InlineData("""{"command":"ls","cwd":"/etc"}""", "require_failed")]
    [InlineData("""{"command":["ls"]}""", "require_failed")]
    [InlineData("""{}""", "require_failed")]
    public async Task The_policy_means_what_the_page_says(string arguments, string code)
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"));
        Match document = Regex.Match(readme, "```json\n({\\s*\"version\".*?)```", RegexOptions.Singleline);
        PolicyLoadResult loaded = Policy.Load(document.Groups[1].Value);
        Assert.Empty(loaded.Diagnostics);

        var authorizer = new ToolCallAuthorizer(loaded.Policy!);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(
            new ToolCall("shell", ToolArguments.FromJson(arguments)) { GrantId = "ci" });

        Assert.Equal(code, decision.Code.ToWireString());
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
