using System.Text.Json;
using PolicyLayer.Tests.Documents;

namespace PolicyLayer.Tests.Cli;

public sealed class ValidateTests : IDisposable
{
    private static readonly MarkedDocument Broken = MarkedDocument.Parse("""
        {
          "version": "1", "default": "deny",
          "tools": { "run_code": { "rate_limit": { "max": 0, "window": ⟦"minutes"⟧ } } }
        }
        """);

    private readonly string _broken = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public ValidateTests() => File.WriteAllText(_broken, Broken.Text);

    public void Dispose() => File.Delete(_broken);

    [Fact]
    public async Task A_good_file_is_a_line_with_its_name_and_revision()
    {
        Command run = await Command.RunAsync("validate", Command.Stellify, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        JsonElement line = run.Lines.Single();
        Assert.Equal(["file", "valid", "name", "revision", "diagnostics"], line.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Command.Stellify, line.GetProperty("file").GetString());
        Assert.True(line.GetProperty("valid").GetBoolean());
        Assert.Equal("default", line.GetProperty("name").GetString());
        Assert.Equal(Policy.ParseFile(Command.Stellify).Revision, line.GetProperty("revision").GetString());
        Assert.Equal(0, line.GetProperty("diagnostics").GetArrayLength());
    }

    [Fact]
    public async Task A_broken_file_makes_the_exit_code_1_and_its_findings_have_their_place()
    {
        Command run = await Command.RunAsync("validate", Command.Stellify, _broken, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(2, run.Lines.Count);
        Assert.Equal(["file", "valid", "diagnostics"], run.Lines[1].EnumerateObject().Select(member => member.Name));
        Assert.False(run.Lines[1].GetProperty("valid").GetBoolean());
        JsonElement finding = run.Lines[1].GetProperty("diagnostics").EnumerateArray().Single();
        Assert.Equal(
            ["id", "severity", "pointer", "line", "column", "message", "help"], finding.EnumerateObject().Select(member => member.Name));
        Assert.Equal("PL1203", finding.GetProperty("id").GetString());
        Assert.Equal("error", finding.GetProperty("severity").GetString());
        Assert.Equal("/tools/run_code/rate_limit/window", finding.GetProperty("pointer").GetString());
        Assert.Equal(Broken.Marks[0], (finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task A_person_reads_a_table_and_the_findings_on_standard_error()
    {
        Command run = await Command.RunAsync("validate", Command.Stellify, _broken);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            $"PL1203 error {_broken}:{Broken.PlaceOf()} /tools/run_code/rate_limit/window: `minutes` is not a window. Help: ", run.Error,
            StringComparison.Ordinal);
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("yes ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("no ", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_narrow_terminal_leaves_paths_in_one_piece()
    {
        Command run = await Command.RunAsync(new Command.Setup { Width = 40 }, "validate", Command.Stellify);

        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("valid: yes", lines[0]);
        Assert.Equal("  file: " + Command.Stellify, lines[^1]);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_makes_the_exit_code_2_and_the_others_are_still_judged()
    {
        Command run = await Command.RunAsync("validate", "no-such-file.json", _broken, Command.Stellify, "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("`no-such-file.json` doesn't exist.\n", run.Error);
        Assert.Equal(3, run.Lines.Count);
        Assert.Equal(
            """{"file":"no-such-file.json","valid":false,"diagnostics":[]"""
            + ""","fault":{"code":"missing","message":"`no-such-file.json` doesn't exist."}}""",
            run.Lines[0].GetRawText());
        Assert.Equal(["no-such-file.json", _broken, Command.Stellify], run.Lines.Select(line => line.GetProperty("file").GetString()));
        Assert.All(run.Lines.Skip(1), line => Assert.False(line.TryGetProperty("fault", out _)));
    }

    [Theory]
    [InlineData("missing/policy.json", "missing")]
    [InlineData(".", "folder")]
    [InlineData("", "unreadable")]
    public async Task What_keeps_a_file_from_being_read_is_a_word(string file, string code)
    {
        Command run = await Command.RunAsync("validate", Command.Stellify, file, "--json");

        Assert.Equal(2, run.ExitCode);
        JsonElement fault = run.Lines[1].GetProperty("fault");
        Assert.Equal(code, fault.GetProperty("code").GetString());
        Assert.Equal(run.Error, fault.GetProperty("message").GetString() + "\n");
    }

    [Fact]
    public async Task A_file_of_the_other_kind_is_told_which_command_checks_it()
    {
        string grants = Path.GetTempFileName();
        await File.WriteAllTextAsync(grants, """{ "grants": [{ "id": "ci" }] }""");
        Command validated = await Command.RunAsync("validate", grants);
        Command listed = await Command.RunAsync("grant", "list", "--grants", Command.Stellify);
        File.Delete(grants);

        Assert.Equal(
            (1, $"PL1102 error {grants}:1:1: `version` is missing. Help: this is a file of grants: "
                + "`policylayer grant list --grants FILE` checks it.\n"),
            (validated.ExitCode, validated.Error));
        Assert.Equal(2, listed.ExitCode);
        Assert.StartsWith(
            $"PL1102 error {Command.Stellify}:1:1: `grants` is missing. Help: this is a policy: `policylayer validate FILE` checks it.\n",
            listed.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_refuses_an_invalid_policy_with_its_findings()
    {
        Command run = await Command.RunAsync("check", _broken, "--tool", "run_code", "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith($"PL1203 error {_broken}:{Broken.PlaceOf()} ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_reads_findings_by_file_line_and_column()
    {
        Command run = await Command.RunAsync("validate", Command.Stellify, _broken, "--format", "msbuild");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Error);
        (int line, int column) = Broken.Marks[0];
        Assert.Equal(
            $"{_broken}({line},{column}): error PL1203: `minutes` is not a window. Help: did you mean `minute`?\n", run.Output);
    }

    [Fact]
    public async Task A_list_names_documents_whatever_stands_in_their_names()
    {
        string folder = Directory.CreateTempSubdirectory("policylayer-list-").FullName;
        string odd = Path.Combine(folder, "$(echo x) `id` \"'; %41.json");
        string list = Path.Combine(folder, "list");
        File.Copy(_broken, odd);
        await File.WriteAllTextAsync(list, odd + "\n\n");
        Command run = await Command.RunAsync("validate", Command.Stellify, "--list", list, "--format", "msbuild");
        Command absent = await Command.RunAsync("validate", "--list", odd + "x");
        Command none = await Command.RunAsync("validate", "--json");
        Directory.Delete(folder, recursive: true);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(odd + "(", run.Output, StringComparison.Ordinal);
        Assert.Equal((2, 2), (absent.ExitCode, none.ExitCode));
        Assert.StartsWith("No document is named.\n", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_reads_findings_as_annotations_that_no_name_breaks()
    {
        string odd = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()},100%:a.json");
        File.Copy(_broken, odd);
        Command run = await Command.RunAsync("validate", odd, "--format", "github");
        File.Delete(odd);

        Assert.Equal(1, run.ExitCode);
        (int line, int column) = Broken.Marks[0];
        string name = odd.Replace(",100%:a", "%2C100%25%3Aa", StringComparison.Ordinal);
        Assert.StartsWith(
            $"::error file={name},line={line},col={column},title=PL1203::`minutes` is not a window. Help: ", run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_hears_of_what_was_only_not_meant_as_a_warning()
    {
        await File.WriteAllTextAsync(_broken, """{ "version": "1", "default": "deny", "tools": { " x": {} } }""");
        Command run = await Command.RunAsync("validate", _broken, "--format", "msbuild");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"{_broken}(1,", run.Output, StringComparison.Ordinal);
        Assert.Contains("): warning PL", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public async Task A_list_that_leaves_findings_out_says_so(int findings, bool isCut)
    {
        string unknown = string.Join(',', Enumerable.Range(0, findings).Select(i => $"\"x{i}\": 1"));
        await File.WriteAllTextAsync(_broken, $$"""{ "version": "1", "default": "deny", {{unknown}} }""");
        Command run = await Command.RunAsync("validate", _broken, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(isCut, run.Output.EndsWith("],\"cut\":true}\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("msbuild", "no-such-file.json: error : `no-such-file.json` doesn't exist.\n")]
    [InlineData("github", "::error file=no-such-file.json::`no-such-file.json` doesn't exist.\n")]
    public async Task A_file_that_cannot_be_read_is_an_error_of_the_build_too(string format, string said)
    {
        Command run = await Command.RunAsync("validate", "no-such-file.json", Command.Stellify, "--format", format);

        Assert.Equal((2, said, ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Two_forms_at_once_and_an_unknown_one_are_refused()
    {
        Command both = await Command.RunAsync("validate", Command.Stellify, "--json", "--format", "github");
        Command unknown = await Command.RunAsync("validate", Command.Stellify, "--format", "xml");

        Assert.Equal(
            (2, "`--json` and `--format` are two forms: give one.\nHelp: policylayer validate --help\n"), (both.ExitCode, both.Error));
        Assert.Equal(2, unknown.ExitCode);
    }
}
