using System.Globalization;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Model;

/// <summary>Random steps, done by an authorizer and by the model: they say the same.</summary>
internal sealed class AuthorizationRun
{
    /// <summary>Calls come again, so that they meet what became of them.</summary>
    private const int Repeated = 8;

    private static readonly Approver Alice = new("alice");

    private readonly SeededRandom _random;
    private readonly ulong _seed;
    private readonly ModelClock _clock = new();
    private readonly AuthorizationModel _model = new();
    private readonly GrantDirectory _grants = new([]);
    private readonly ToolCallAuthorizer _authorizer;
    private readonly List<ModelOpen> _open = [];
    private readonly List<ModelCall> _calls = [];
    private readonly bool _stepsBack;
    private int _step;

    /// <param name="seed">What the steps are made of.</param>
    /// <param name="counters">Where counters are kept; null for the store in memory.</param>
    /// <param name="stepsBack">Whether the clock does.</param>
    public AuthorizationRun(ulong seed, ICounterStore? counters, bool stepsBack)
    {
        _seed = seed;
        _stepsBack = stepsBack;
        _random = new SeededRandom(seed);
        var options = new ToolCallAuthorizerOptions
        {
            Grants = _grants,
            Counters = counters,
            TimeProvider = _clock,
            MaxPendingApprovals = ModelApprovals.MaxPending,
            ApprovalPendingFor = TimeSpan.FromMilliseconds(ModelApprovals.PendingMs),
            ApprovalValidFor = TimeSpan.FromMilliseconds(ModelApprovals.ValidMs),
        };
        _authorizer = new ToolCallAuthorizer(ModelPolicies.Names.Select(ModelPolicies.Load), options);
        foreach (string id in (string[])["g0", "g1", "g2"])
        {
            _model.Grants[id] = new AuthorizationModel.GrantState("a", IsRevoked: false, Expires: null);
        }

        ReplaceGrants();
    }

    /// <summary>How often each code was said, so that a test can see what a run has met.</summary>
    public Dictionary<DecisionCode, int> Said { get; } = [];

    /// <summary>How many calls went on with another one.</summary>
    public int WentOn { get; private set; }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task RunAsync(int steps)
    {
        for (_step = 0; _step < steps; _step++)
        {
            await StepAsync();

            // Whatever a step did, the store sees its time: what ends by a clock that steps to and fro has ended in both.
            await _authorizer.Approvals.FindAsync("none");
            _model.Approvals.Advance(Now);
        }
    }

    private Task StepAsync() => _random.Below(100) switch
    {
        < 45 => CallAsync(),
        < 57 => ContinueAsync(),
        < 72 => AnswerAsync(),
        < 86 => ReportAsync(),
        < 96 => Done(MoveClock),
        _ => Done(ChangeGrant),
    };

    private static Task Done(Action step)
    {
        step();
        return Task.CompletedTask;
    }

    private Task CallAsync()
    {
        if (_calls.Count > 0 && _random.Below(2) == 0)
        {
            return DecideAsync(Pick(_calls), goesOn: null, continues: null);
        }

        var call = new ModelCall(
            Pick(ModelPolicies.Tools),
            _random.Below(20) == 0 ? "g9" : $"g{_random.Below(3)}",
            Pick([null, "s", "t"]),
            Pick([null, "x"]),
            _random.Below(ModelCall.Kinds),
            Pick(["a", "b", "c"]));
        _calls.Add(call);
        if (_calls.Count > Repeated)
        {
            _calls.RemoveAt(0);
        }

        return DecideAsync(call, goesOn: null, continues: null);
    }

    private Task ContinueAsync()
    {
        if (_open.Count == 0)
        {
            return CallAsync();
        }

        ModelOpen open = Pick(_open);
        ModelCall call = open.Call;
        call = _random.Below(12) switch
        {
            0 => call with { Arguments = _random.Below(ModelCall.Kinds) },
            1 => call with { Session = Pick([null, "s", "t"]) },
            2 => call with { Server = Pick([null, "x"]) },
            3 => call with { Grant = $"g{_random.Below(3)}" },
            4 => call with { Tool = Pick(ModelPolicies.Tools) },
            5 => call with { Env = Pick(["a", "b", "c"]) },
            _ => call,
        };
        bool isOfLatest = _random.Below(6) != 0;
        ToolCallDecision continued = isOfLatest ? open.Decisions[^1] : Pick(open.Decisions);
        return DecideAsync(call, continued.DecisionId == open.Decisions[^1].DecisionId ? open : null, continued.DecisionId);
    }

    private async Task DecideAsync(ModelCall call, ModelOpen? goesOn, string? continues)
    {
        bool mayContinue = _random.Below(2) == 0;
        bool isLinked = mayContinue || continues is not null;
        AuthorizationModel.Expected expected = _model.Decide(call, goesOn, isLinked, Now, _clock.Elapsed);
        ToolCallDecision decision = await _authorizer.AuthorizeAsync(call.ToCall(_random.Below(8), mayContinue, continues));
        Require(expected.Code == decision.Code, $"{call} was {decision.Code}, not {expected.Code}");
        Said[decision.Code] = Said.GetValueOrDefault(decision.Code) + 1;
        if (expected.Asked is { } binding)
        {
            Require(decision.ApprovalId is not null, $"nobody was asked for {call}");
            _model.Approvals.Add(new ModelApprovals.Held(decision.ApprovalId!, binding, call.Grant, Now));
        }
        else
        {
            Require(expected.ApprovalId == decision.ApprovalId, $"{call} named another approval");
        }

        if (expected.Open is { } open)
        {
            WentOn += open == goesOn ? 1 : 0;
            open.Decisions.Add(decision);
            open.MayContinue = mayContinue;
            Remember(open);
        }
    }

    private void Remember(ModelOpen open)
    {
        if (!_open.Contains(open))
        {
            _open.Add(open);
        }

        if (_open.Count > 24)
        {
            _open.RemoveAt(0);
        }
    }

    private async Task AnswerAsync()
    {
        List<ModelApprovals.Held> recent = _model.Approvals.Recent(Now);
        if (recent.Count == 0)
        {
            return;
        }

        ModelApprovals.Held held = Pick(recent);
        bool approves = _random.Below(3) != 0;
        ApprovalResolution resolution = approves
            ? await _authorizer.Approvals.ApproveAsync(held.Id, Alice)
            : await _authorizer.Approvals.RefuseAsync(held.Id, Alice);
        ApprovalResolution expected = approves ? ModelApprovals.Approve(held, Now) : _model.Approvals.Refuse(held, Now);
        Require(expected == resolution, $"an answer was {resolution}, not {expected}");
    }

    private async Task ReportAsync()
    {
        if (_open.Count == 0)
        {
            return;
        }

        ModelOpen open = Pick(_open);
        ToolCallDecision decision = Pick(open.Decisions);
        ToolCallOutcome outcome = Pick([ToolCallOutcome.Succeeded, ToolCallOutcome.Failed, ToolCallOutcome.NotExecuted]);
        Require(
            await _authorizer.CompleteAsync(decision, outcome) == open.IsKept,
            $"a report on {open.Call} was {(open.IsKept ? "not " : "")}taken");
        Require(!await _authorizer.CompleteAsync(Pick(open.Decisions), ToolCallOutcome.NotExecuted), "a call was reported twice");
        if (open.IsKept && outcome == ToolCallOutcome.NotExecuted && decision.DecisionId == open.Decisions[^1].DecisionId)
        {
            _model.Undo(open);
        }

        _open.Remove(open);
    }

    private void MoveClock()
    {
        if (_stepsBack && _random.Below(6) == 0)
        {
            _clock.StepBack(_random.Below(200_000));
            return;
        }

        int forward = _random.Below(_random.Below(40) == 0 ? 4_000_000 : 60_000);
        _clock.Advance(forward);
    }

    private void ChangeGrant()
    {
        string id = $"g{_random.Below(3)}";
        AuthorizationModel.GrantState grant = _model.Grants.GetValueOrDefault(id) ?? new("a", false, null);
        _model.Grants[id] = _random.Below(5) switch
        {
            0 => grant with { IsRevoked = !grant.IsRevoked },
            1 => grant with { Expires = Now + _random.Below(300_000) },
            2 => grant with { Expires = null, IsRevoked = false },
            _ => grant with { Policy = Pick(ModelPolicies.Names) },
        };
        ReplaceGrants();
    }

    private void ReplaceGrants() => _grants.Replace(_model.Grants.Select(grant => new Grant(grant.Key)
    {
        PolicyName = grant.Value.Policy,
        IsRevoked = grant.Value.IsRevoked,
        Expires = grant.Value.Expires is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null,
    }));

    private T Pick<T>(IReadOnlyList<T> all) => all[_random.Below(all.Count)];

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Seed {_seed}, step {_step}: {otherwise}."));
        }
    }
}
