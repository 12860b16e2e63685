using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolicyLayer.Approvals;
using PolicyLayer.Cli.Approvals;

namespace PolicyLayer.Tests.Cli.Approvals;

/// <summary><c>approvals watch</c>, by a clock that moves when a test says so.</summary>
public sealed partial class ApprovalsWatchTests : IDisposable
{
    private const string Question = "[s]kip? ";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ApprovalDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Each_request_is_shown_whole_and_answered()
    {
        string once = await _desk.PutAsync(Covering("a"), 20);
        _desk.Time.Advance(TimeSpan.FromMilliseconds(1));
        string whole = await _desk.PutAsync(Covering("b"), 20);
        _desk.Time.Advance(TimeSpan.FromMilliseconds(1));
        string refused = await _desk.AskAsync("c");
        _desk.Time.Advance(TimeSpan.FromMilliseconds(1));
        string skipped = await _desk.AskAsync("d");
        await using DrivenTerminal terminal = Watch("--by", "alice");

        await terminal.ExpectAsync($"Request {once}\n");
        await terminal.ExpectAsync("counter  pushes  3 of 10 used, 4 after this call\n");
        await terminal.ExpectAsync("args.repo = \"a\"\n");
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync($"o {once[..4]}\n");
        await terminal.ExpectAsync("Approved: 1 call, 1 left, of exactly these arguments, until");
        await terminal.ExpectAsync($"Request {whole}\n");
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync($"approve as asked {whole[..4].ToUpperInvariant()}\n");
        await terminal.ExpectAsync("Approved: 20 calls, 20 left, of any arguments that have the same args.repo, until");
        await terminal.ExpectAsync($"Request {refused}\n");
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync("refuse  not on a Friday \n");
        await terminal.ExpectAsync("Refused: the same call is denied");
        await terminal.ExpectAsync($"Request {skipped}\n");
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync("s\n");
        await terminal.ExpectAsync("Skipped: it still waits");
        Assert.Equal(0, await terminal.EndInputAsync());

        Assert.Equal("", terminal.Error);
        StoredApproval first = await _desk.FindAsync(once);
        Assert.Equal((ApprovalStatus.Approved, 1, true, "alice"), (first.Status, first.Terms.Uses, first.IsExact, first.AnsweredBy));
        StoredApproval second = await _desk.FindAsync(whole);
        Assert.Equal((ApprovalStatus.Approved, 20, false), (second.Status, second.Terms.Uses, second.IsExact));
        StoredApproval third = await _desk.FindAsync(refused);
        Assert.Equal((ApprovalStatus.Refused, "not on a Friday"), (third.Status, third.Reason));
        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(skipped)).Status);
        Assert.Equal(2, terminal.Text.Split(skipped).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("approve")]
    [InlineData("yes")]
    [InlineData("once more")]
    [InlineData("a b")]
    [InlineData("O")]
    [InlineData("o")]
    [InlineData("a")]
    [InlineData("approve as asked")]
    [InlineData("o ID3")]
    [InlineData("o ID5")]
    [InlineData("ID4")]
    [InlineData("O ID4")]
    [InlineData("o a ID4")]
    [InlineData("o ID4 a")]
    [InlineData("refusal")]
    public async Task What_is_no_answer_is_asked_again(string line)
    {
        string id = await _desk.AskAsync("run");
        line = Digits().Replace(line, digits => id[..int.Parse(digits.Groups[1].Value, CultureInfo.InvariantCulture)]);
        await using DrivenTerminal terminal = Watch();
        await terminal.ExpectAsync($"[o {id[..4]}] approve this very call, once; [a {id[..4]}] approve all that it covers, as asked; ");
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync(line + "\n");
        await terminal.ExpectAsync("That answers nothing here: the request waits.\n");
        await terminal.ExpectAsync(Question);

        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(id)).Status);
        await terminal.TypeAsync($"once {id[..4]}\n");
        await terminal.ExpectAsync("Approved");
    }

    /// <summary>A line that was begun under one request stands in the terminal while the next one is shown.</summary>
    [Fact]
    public async Task An_approval_of_one_request_is_none_of_the_next()
    {
        string first = await _desk.AskAsync("run");
        _desk.Time.Advance(TimeSpan.FromMilliseconds(1));
        string second = await _desk.AskAsync("walk");
        await using DrivenTerminal terminal = Watch();
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync("a");
        await _desk.Inbox.RefuseAsync(first, new Approver("bob"));
        _desk.Time.Advance(Look);
        await terminal.ExpectAsync($"Request {second}");
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync("\n");
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync($"a {first[..4]}\n");
        await terminal.ExpectAsync(Question);
        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(second)).Status);
        await terminal.TypeAsync($"a {second[..4]}\n");
        await terminal.ExpectAsync("Approved");
    }

    [Fact]
    public async Task The_width_is_read_for_each_request()
    {
        string arguments = $$"""{"a":"{{new string('x', 300)}}"}""";
        await _desk.AskAsync("run", arguments);
        _desk.Time.Advance(TimeSpan.FromMilliseconds(1));
        await _desk.AskAsync("walk", arguments);
        int width = 60;
        await using DrivenTerminal terminal = new(
            _desk.Setup with { ReadWidth = () => width }, isInteractive: true, ["approvals", "watch", .. _desk.Options]);
        await terminal.ExpectAsync(Question);
        Assert.Equal(60, terminal.Text.Split('\n').Where(line => line.EndsWith('↩')).Max(line => line.Length));
        int length = terminal.Text.Length;
        width = 90;
        await terminal.TypeAsync("s\n");
        await terminal.ExpectAsync(Question);
        Assert.Equal(90, terminal.Text[length..].Split('\n').Where(line => line.EndsWith('↩')).Max(line => line.Length));
    }

    [Fact]
    public async Task A_reason_that_is_none_is_asked_again()
    {
        string id = await _desk.AskAsync("run");
        await using DrivenTerminal terminal = Watch();
        await terminal.ExpectAsync(Question);
        await terminal.TypeAsync($"refuse {new string('x', 1_025)}\n");
        await terminal.ExpectAsync("The reason is one line");
        await terminal.ExpectAsync(Question);
        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(id)).Status);
    }

    /// <summary>What was typed before a request was seen must not answer it.</summary>
    [Fact]
    public async Task What_was_typed_before_answers_nothing()
    {
        await using DrivenTerminal terminal = Watch();
        await terminal.ExpectAsync("Waiting for requests");
        await terminal.TypeAsync("a\n");
        await terminal.ExpectAsync("Nothing waits for an answer.");
        string id = await _desk.AskAsync("run");
        await terminal.TypeAsync("\n");
        await terminal.ExpectAsync(Question);
        Assert.Equal(0, await terminal.EndInputAsync());
        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(id)).Status);
    }

    [Fact]
    public async Task Lines_that_were_typed_are_dropped_where_a_question_begins()
    {
        using var typed = new MemoryStream("a\nb\n"u8.ToArray());
        var lines = new TypedLines(typed);
        lines.Start();
        Task never = new TaskCompletionSource().Task;
        Assert.True(await lines.WaitAsync(never, default));
        Assert.Equal("a", lines.Take());
        Assert.True(await lines.WaitAsync(never, default));
        lines.Drop();
        Assert.Null(lines.Take());
        Assert.False(await lines.WaitAsync(never, default));
    }

    [Fact]
    public async Task A_request_that_comes_later_is_shown()
    {
        await using DrivenTerminal terminal = Watch();
        await terminal.ExpectAsync("Waiting for requests");
        string id = await _desk.AskAsync("run");
        await _desk.Time.TimerMadeAsync();
        _desk.Time.Advance(Look);
        await terminal.ExpectAsync($"Request {id}");
    }

    [Fact]
    public async Task What_others_answered_meanwhile_is_said()
    {
        string id = await _desk.AskAsync("run");
        await using DrivenTerminal terminal = Watch();
        await terminal.ExpectAsync(Question);
        await _desk.Inbox.RefuseAsync(id, new Approver("bob"));
        _desk.Time.Advance(Look);
        await terminal.ExpectAsync("It waits no more: refused by bob at 2026-01-01 00:00:30 UTC; the same call is denied until");
        Assert.Equal(0, await terminal.EndInputAsync());
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_says_so()
    {
        string id = await _desk.AskAsync("run");
        await using DrivenTerminal terminal = Watch();
        await terminal.ExpectAsync(Question);
        await _desk.Inbox.RefuseAsync(id, new Approver("bob"));
        await terminal.TypeAsync($"o {id[..4]}\n");
        await terminal.ExpectAsync("Not taken. The request is refused already.\n");
        Assert.Equal(0, await terminal.EndInputAsync());
    }

    [Fact]
    public Task What_cannot_be_read_may_be_refused_and_not_approved() => RefusedAndNotApprovedAsync(
        "sealed", "can't be read with these keys");

    [Fact]
    public Task What_is_too_large_to_be_shown_may_be_refused_and_not_approved() => RefusedAndNotApprovedAsync(
        $$$"""{"v":1,"tool":"push","policy":"p","revision":"0","arguments":{"a":"{{{new string('x', 1024 * 1024)}}}"} }""",
        "It is too large to show here (1048584 bytes): see `approvals show ID --json`.");

    [Fact]
    public async Task Cancelling_ends_it_with_0_while_it_waits_and_while_it_asks()
    {
        await using (DrivenTerminal waiting = Watch())
        {
            await waiting.ExpectAsync("Waiting for requests");
            Assert.Equal(0, await waiting.CancelAsync());
        }

        await _desk.AskAsync("run");
        await using DrivenTerminal asking = Watch();
        await asking.ExpectAsync(Question);
        Assert.Equal(0, await asking.CancelAsync());
        Assert.Equal("", asking.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_gets_each_new_request_once_as_a_line(bool asJson)
    {
        string first = await _desk.AskAsync("run", """{"a":1}""");
        string[] line = ["approvals", "watch", .. _desk.Options];
        await using DrivenTerminal terminal = new(_desk.Setup, isInteractive: asJson, asJson ? [.. line, "--json"] : line);
        await terminal.ExpectAsync(first);
        await terminal.ExpectAsync("\n");
        string second = await _desk.AskAsync("walk");
        _desk.Time.Advance(Look);
        await terminal.ExpectAsync(second);
        await terminal.ExpectAsync("\n");
        _desk.Time.Advance(Look);
        Assert.Equal(0, await terminal.CancelAsync());

        string[] lines = terminal.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal("", terminal.Error);
        if (asJson)
        {
            Assert.Equal("""{"a":1}""", JsonDocument.Parse(lines[0]).RootElement.GetProperty("arguments").GetRawText());
        }
        else
        {
            Assert.StartsWith($"{second}  2026-01-01 00:00:30  2026-01-01 00:10:30  ci  walk  ", lines[1], StringComparison.Ordinal);
        }
    }

    /// <summary>So many digits of the id.</summary>
    [GeneratedRegex("ID([0-9])")]
    private static partial Regex Digits();

    private async Task RefusedAndNotApprovedAsync(string content, string said)
    {
        string id = await _desk.PutAsync(content);
        await using DrivenTerminal terminal = Watch();
        await terminal.ExpectAsync(said);
        await terminal.ExpectAsync(Question);
        Assert.DoesNotContain("approve all", terminal.Text, StringComparison.Ordinal);
        Assert.InRange(terminal.Text.Length, 0, 2_000);
        await terminal.TypeAsync($"o {id[..4]}\n");
        await terminal.ExpectAsync(Question);
        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(id)).Status);
        await terminal.TypeAsync("r\n");
        await terminal.ExpectAsync("Refused");
    }

    private static string Covering(string repo) =>
        $$"""
        {"v":1,"tool":"push","policy":"p","revision":"0","arguments":{"repo":"{{repo}}"},"same":["args.repo"],
        "counters":[{"rule":"/tools/push/limits/0","name":"pushes","used":3,"amount":1,"max":10}]}
        """;

    private DrivenTerminal Watch(params string[] options) =>
        new(_desk.Setup, isInteractive: true, ["approvals", "watch", .. _desk.Options, .. options]);
}
