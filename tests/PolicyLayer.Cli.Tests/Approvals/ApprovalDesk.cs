using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Sqlite;

namespace PolicyLayer.Tests.Cli.Approvals;

/// <summary>A store in which calls wait for a person, and the command that answers them.</summary>
internal sealed class ApprovalDesk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;
    private int _asked;

    public ApprovalDesk()
    {
        StorePath = Path.Combine(_folder, "approvals.db");
        Store = new SqliteApprovalStore(new SqliteApprovalStoreOptions
        {
            Path = StorePath,
            Protector = ApprovalProtector.Plain,
            Synchronous = SqliteSynchronous.Off,
        });
        Inbox = new ApprovalInbox(Store, Time);

        // A store opens its file at the first request.
        Assert.Null(Inbox.FindAsync("").AsTask().GetAwaiter().GetResult());
    }

    public string StorePath { get; }

    public WatchedTime Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero));

    public SqliteApprovalStore Store { get; }

    public ApprovalInbox Inbox { get; }

    public Command.Setup Setup => new() { Time = Time };

    public string[] Options => ["--store", "sqlite:" + StorePath, "--plain-approvals"];

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Has a call judged that waits, and gives the request's id.</summary>
    public async Task<string> AskAsync(ToolCall call, string? policy = null)
    {
        Policy parsed = Policy.Parse(policy ?? """{"version":"1","default":"deny","tools":{"*":{"action":"require_approval"}}}""");
        var authorizer = new ToolCallAuthorizer(
            [parsed], new ToolCallAuthorizerOptions { Approvals = Store, TimeProvider = Time });
        ToolCallDecision decision = await authorizer.AuthorizeAsync(call);
        Assert.Equal(DecisionOutcome.ApprovalRequired, decision.Outcome);
        return decision.ApprovalId!;
    }

    public Task<string> AskAsync(string tool, string arguments = "{}", string grant = "ci") =>
        AskAsync(new ToolCall(tool, ToolArguments.FromJson(arguments)) { GrantId = grant });

    /// <summary>Puts a request into the store whose content is a text.</summary>
    public async Task<string> PutAsync(string content, int uses = 1, TimeSpan? validFor = null)
    {
        string number = (++_asked).ToString("x32", CultureInfo.InvariantCulture);
        ApprovalAnswer answer = await Store.AskAsync(new ApprovalRequest
        {
            Time = Time.GetUtcNow(),
            NewId = number,
            Binding = number + number,
            ExactBinding = new string('e', 32) + number,
            GrantId = "ci",
            MayRequest = true,
            MaxPending = 5_000,
            PendingFor = TimeSpan.FromMinutes(10),
            Terms = new ApprovalTerms(uses, validFor ?? TimeSpan.FromMinutes(10)),
            Content = Encoding.UTF8.GetBytes(content),
        });
        Assert.Equal(ApprovalAnswerKind.Requested, answer.Kind);
        return number;
    }

    public Task<Command> RunAsync(params string[] args) => RunAsync(Setup, args);

    public Task<Command> RunAsync(Command.Setup setup, params string[] args) => Command.RunAsync(setup, ["approvals", .. args, .. Options]);

    public async Task<StoredApproval> FindAsync(string id) => (await Store.FindAsync(new ApprovalQuery(Time.GetUtcNow(), id)))!;
}

/// <summary>A clock that stands still, and says when something began to wait for it.</summary>
internal sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<ITimer> _made = Channel.CreateUnbounded<ITimer>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _made.Writer.TryWrite(timer);
        return timer;
    }

    public async Task TimerMadeAsync() => await _made.Reader.ReadAsync();
}
