using System.Text.Json;
using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Cli.Approvals;

/// <summary><c>approvals approve</c> and <c>refuse</c>.</summary>
public sealed class ApprovalsAnswerTests : IDisposable
{
    private const string Covering =
        """{"v":1,"tool":"push","policy":"p","revision":"0","arguments":{"repo":"a"},"same":["args.repo"]}""";

    private readonly ApprovalDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task An_approval_is_taken_by_the_login_name_and_says_what_it_covers()
    {
        string id = await _desk.AskAsync("run");
        Command run = await _desk.RunAsync("approve", id);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("Approved: 1 call, 1 left, of exactly these arguments, until 2026-01-01 00:10:30 UTC.\n", run.Output);
        StoredApproval stored = await _desk.FindAsync(id);
        Assert.Equal(
            (ApprovalStatus.Approved, "carol", null, false), (stored.Status, stored.AnsweredBy, stored.Reason, stored.IsExact));
    }

    [Fact]
    public async Task Who_and_why_are_kept()
    {
        string id = await _desk.AskAsync("run");
        Command run = await _desk.RunAsync("approve", id, "--by", "alice é", "--reason", "looks fine", "--json");

        Assert.Equal(
            $$"""{"event":"approve","ok":true,"id":"{{id}}","status":"approved",""" + "\"until\":\"2026-01-01T00:10:30+00:00\","
                + "\"uses\":1,\"exact\":true}\n",
            run.Output);
        StoredApproval stored = await _desk.FindAsync(id);
        Assert.Equal(("alice é", "looks fine"), (stored.AnsweredBy, stored.Reason));
    }

    [Fact]
    public async Task A_refusal_is_done_too()
    {
        string id = await _desk.AskAsync("run");
        Command run = await _desk.RunAsync("refuse", id, "--reason", "not on a Friday");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("Refused: the same call is denied until 2026-01-01 00:10:30 UTC.\n", run.Output);
        StoredApproval stored = await _desk.FindAsync(id);
        Assert.Equal((ApprovalStatus.Refused, "not on a Friday"), (stored.Status, stored.Reason));
        string other = await _desk.AskAsync("walk");
        Command json = await _desk.RunAsync("refuse", other, "--json");
        Assert.Equal(
            $$"""{"event":"refuse","ok":true,"id":"{{other}}","status":"refused","until":"2026-01-01T00:10:30+00:00"}""" + "\n",
            json.Output);
    }

    [Theory]
    [InlineData(20, 3_600, false, 20)]
    [InlineData(1, 3_600, true, 20, "--once")]
    [InlineData(5, 3_600, false, 20, "--uses", "5")]
    [InlineData(20, 90, false, 20, "--for", "90s")]
    [InlineData(1, 120, true, 20, "--once", "--for", "2m")]
    public async Task It_may_be_narrowed(int uses, int seconds, bool isExact, int asked, params string[] options)
    {
        string id = await _desk.PutAsync(Covering, asked, TimeSpan.FromHours(1));
        Command run = await _desk.RunAsync(["approve", id, .. options]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        StoredApproval stored = await _desk.FindAsync(id);
        Assert.Equal(
            (ApprovalStatus.Approved, new ApprovalTerms(uses, TimeSpan.FromSeconds(seconds)), isExact),
            (stored.Status, stored.Terms, stored.IsExact));
        Assert.Contains(isExact ? "of exactly these arguments" : "that have the same args.repo", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--uses", "21")]
    [InlineData("--for", "2h")]
    public async Task It_is_never_widened(params string[] options)
    {
        string id = await _desk.PutAsync(Covering, 20, TimeSpan.FromHours(1));
        Command run = await _desk.RunAsync(["approve", id, "--json", .. options]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($$"""{"event":"approve","ok":false,"id":"{{id}}","reason":"not_allowed"}""" + "\n", run.Output);
        Assert.Equal("The answer covers more than was asked for: it may cover less, not more.\n", run.Error);
        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(id)).Status);
    }

    [Theory]
    [InlineData("unknown", "No request has the id")]
    [InlineData("expired", "The request's time has run out.")]
    [InlineData("spent", "The request was approved, and the approval is used up.")]
    [InlineData("refused", "The request is refused already.")]
    [InlineData("not_needed", "The request is approved already.")]
    public async Task An_answer_that_changes_nothing_says_why_and_is_exit_code_1(string reason, string text)
    {
        string id = reason == "unknown" ? new string('f', 32) : await _desk.AskAsync("run");
        switch (reason)
        {
            case "expired":
                _desk.Time.Advance(TimeSpan.FromMinutes(10));
                break;
            case "refused":
                await _desk.Inbox.RefuseAsync(id, new Approver("bob"));
                break;
            case "spent" or "not_needed":
                await _desk.Inbox.ApproveAsync(id, new Approver("bob"));
                StoredApproval stored = await _desk.FindAsync(id);
                if (reason == "spent")
                {
                    Assert.True(await _desk.Store.SpendAsync(
                        new ApprovalUse(_desk.Time.GetUtcNow(), id, stored.Binding, stored.ExactBinding)));
                }

                break;
        }

        Command run = await _desk.RunAsync("approve", id, "--json");
        Command person = await _desk.RunAsync("approve", id);
        Assert.Equal((1, 1, ""), (run.ExitCode, person.ExitCode, person.Output));
        Assert.Equal($$"""{"event":"approve","ok":false,"id":"{{id}}","reason":"{{reason}}"}""" + "\n", run.Output);
        Assert.StartsWith(text, run.Error, StringComparison.Ordinal);
        Assert.Equal(run.Error, person.Error);
    }

    [Fact]
    public async Task What_cannot_be_shown_is_not_approved_and_may_be_refused()
    {
        string id = await _desk.PutAsync("sealed");
        Command run = await _desk.RunAsync("approve", id);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("nobody approves what can't be shown. Help: give the keys", run.Error, StringComparison.Ordinal);
        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(id)).Status);
        Assert.Equal(0, (await _desk.RunAsync("refuse", id)).ExitCode);
    }

    [Theory]
    [InlineData("`--once` and `--uses` don't go together.", "--once", "--uses", "2")]
    [InlineData("`--uses` must be a whole number, 1 to 1000.", "--uses", "0")]
    [InlineData("`--uses` must be a whole number, 1 to 1000.", "--uses", "1001")]
    [InlineData("`--for` must be a whole number and `ms`, `s`, `m`, `h` or `d`, as in `90s`, at most a day.", "--for", "1.5h")]
    [InlineData("`--for` must be a whole number and `ms`, `s`, `m`, `h` or `d`, as in `90s`, at most a day.", "--for", "0s")]
    [InlineData("`--for` must be a whole number and `ms`, `s`, `m`, `h` or `d`, as in `90s`, at most a day.", "--for", "25h")]
    [InlineData("`--by`, or the login name in its place, is one line of text without controls, of 1 to 256 characters.", "--by", "")]
    [InlineData("`--by`, or the login name in its place, is one line of text without controls, of 1 to 256 characters.", "--by", "a\nb")]
    [InlineData("The reason is one line of text without controls, of at most 1024 characters.", "--reason", "a\nb")]
    [InlineData("`--keys` and `--plain-approvals` don't go together.", "--keys", "keys.json")]
    public async Task An_answer_that_is_none_ends_the_command(string expected, params string[] options)
    {
        string id = await _desk.PutAsync(Covering, 20);
        Command run = await _desk.RunAsync(["approve", id, .. options]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(ApprovalStatus.Pending, (await _desk.FindAsync(id)).Status);
    }

    /// <summary>Values are shown to whoever asks for them, and stand in nothing else.</summary>
    [Fact]
    public async Task No_value_stands_in_a_message_or_beside_the_output()
    {
        const string Secret = "hunter2";
        string id = await _desk.AskAsync("run", $$"""{"{{Secret}}":"{{Secret}}"}""");
        string gone = await _desk.AskAsync("walk", $$"""{"a":"{{Secret}}"}""");
        await _desk.Inbox.RefuseAsync(gone, new Approver("bob"));
        string[][] lines =
        [
            ["list"], ["show", id], ["show", id, "--json"], ["show", gone], ["approve", id, "--uses", "2"], ["approve", gone],
            ["approve", id, "--reason", "a\nb"], ["show", "other"], ["approve", id], ["refuse", id], ["approve", id, "--surprise"],
        ];
        foreach (string[] line in lines)
        {
            Command run = await _desk.RunAsync(line);
            Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
            bool isShown = line is ["show", { } shown, ..] && shown == id;
            Assert.Equal(isShown, run.Output.Contains(Secret, StringComparison.Ordinal));
        }
    }
}
