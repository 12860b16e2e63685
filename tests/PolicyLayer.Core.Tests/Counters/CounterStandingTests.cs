using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.Tests.Approvals;

namespace PolicyLayer.Tests.Counters;

/// <summary>What a plan says that the counters of a call stand at.</summary>
public sealed class CounterStandingTests
{
    private const string Document = """
        {"version":"1","default":"deny",
        "all_tools":{"limits":[{"counter":"all","window":"hour","max":9},{"counter":"shared","window":"hour","max":8}]},
        "tools":{
          "other":{"not_after":[{"tool":"t","within":"hour","scope":"grant"}]},
          "before":{},
          "again":{"not_after":[{"tool":"again","within":"hour","scope":"grant"}]},
          "twice":{"limits":[{"counter":"n","window":"hour","max":5,"per":"args.a"},
            {"counter":"n","window":"hour","max":4,"per":"args.b"}]},
          "t":{
            "after":[{"tool":"before","within":"hour","scope":"grant"}],
            "limits":[{"counter":"shared","window":"hour","max":3,"increment_from":"args.n"},
              {"counter":"own","window":"hour","max":7,"increment_from":"args.n"}]}}}
        """;

    private static readonly Policy Parsed = Policy.Parse(Document);
    private readonly InMemoryCounterStore _store = new();

    [Fact]
    public async Task Orders_and_limits_stand_in_the_order_in_which_a_call_meets_them_and_marks_are_left_out()
    {
        Evaluation evaluation = Judge("t", """{"n":1.5}""");
        await ChargeAsync(evaluation);

        (CounterReservation looked, IReadOnlyList<CounterStanding> standings) = await LookAsync(evaluation);

        Assert.Equal(CounterReservationStatus.Refused, looked.Status);
        Assert.Equal(
            [
                ("before", 0, 0, false), ("all", 1_000_000, 1_000_000, true), ("shared", 1_500_000, 1_500_000, true),
                ("shared", 1_500_000, 1_500_000, true), ("own", 1_500_000, 1_500_000, true),
            ],
            standings.Select(Parts));
        Assert.Equal([8_000_000, 3_000_000], standings.Where(each => each.Use.Counter.CounterName == "shared").Select(Max));
        Assert.DoesNotContain(standings, each => each.Use is MarkNode);
        Assert.Contains(evaluation.Counting!.Counters.Own, limit => limit.Definition.CounterName == "own");
    }

    [Fact]
    public async Task A_look_that_is_admitted_says_the_same()
    {
        Evaluation evaluation = Judge("t", """{"n":1}""");
        var mark = new CounterDemand(KeyOf(evaluation.Counting!.UseAt(0).Counter), CounterDemand.Unit, CounterDemand.Largest);
        await _store.ReserveAsync(new CounterRequest(ApprovalNeeds.Noon, "g", null, [mark]));
        await _store.ReserveAsync(RequestOf(evaluation));

        (CounterReservation looked, IReadOnlyList<CounterStanding> standings) = await LookAsync(evaluation);

        Assert.Equal(CounterReservationStatus.Admitted, looked.Status);
        Assert.Equal(
            [
                ("before", 1_000_000, 0, true), ("all", 1_000_000, 1_000_000, true), ("shared", 1_000_000, 1_000_000, true),
                ("shared", 1_000_000, 1_000_000, true), ("own", 1_000_000, 1_000_000, true),
            ],
            standings.Select(Parts));
    }

    [Fact]
    public async Task Each_limit_of_a_counter_says_whether_it_has_room()
    {
        Evaluation evaluation = Judge("t", """{"n":3.000001}""");

        (_, IReadOnlyList<CounterStanding> standings) = await LookAsync(evaluation);

        Assert.Equal([false, true, true, false, true], standings.Select(each => each.Fits));
    }

    /// <summary>Two counters by values that are equal in this call are one, charged once.</summary>
    [Fact]
    public async Task Limits_that_meet_in_one_counter_have_a_standing_each()
    {
        Evaluation same = Judge("twice", """{"a":"x","b":"x"}""");
        await _store.ReserveAsync(RequestOf(same));
        (_, IReadOnlyList<CounterStanding> met) = await LookAsync(same);
        (_, IReadOnlyList<CounterStanding> apart) = await LookAsync(Judge("twice", """{"a":"y","b":"x"}"""));

        Assert.Equal([1, 1, 1, 1], met.Select(Units));
        Assert.Equal([1, 1, 0, 1], apart.Select(Units));
        Assert.Equal([5_000_000, 4_000_000], met.Skip(2).Select(Max));
    }

    [Fact]
    public async Task An_order_after_the_tool_s_own_calls_has_the_maximum_that_it_has_for_the_tool()
    {
        Evaluation evaluation = Judge("again", "{}");
        (_, IReadOnlyList<CounterStanding> before) = await LookAsync(evaluation);
        await _store.ReserveAsync(RequestOf(evaluation));
        (_, IReadOnlyList<CounterStanding> after) = await LookAsync(evaluation);

        Assert.Equal([("again", 0, 1_000_000, true), ("all", 0, 1_000_000, true), ("shared", 0, 1_000_000, true)], before.Select(Parts));
        Assert.Equal(("again", 1_000_000, 1_000_000, false), Parts(after[0]));
    }

    [Fact]
    public async Task What_is_not_asked_has_no_standing()
    {
        Evaluation evaluation = Judge("t", """{"n":1}""");
        CallDemands orders = evaluation.Counting!.OrdersOf(evaluation.Demands, (_, _) => false)!;

        Evaluation ordersAlone = evaluation with { Obligations = new Obligations(evaluation.Counting, orders) };
        (_, IReadOnlyList<CounterStanding> standings) = await LookAsync(ordersAlone);

        Assert.Equal([("before", 0, 0, false)], standings.Select(Parts));
    }

    [Fact]
    public void What_the_store_does_not_say_has_no_standing()
    {
        Evaluation evaluation = Judge("t", """{"n":1}""");
        CounterReservation[] answers = [default, CounterReservation.Admitted(), CounterReservation.AtCapacity()];

        Assert.All(
            answers, answer => Assert.Empty(evaluation.Counting!.StandingsOf(RequestOf(evaluation), answer, evaluation.Demands)));
    }

    private static Evaluation Judge(string tool, string arguments) =>
        ApprovalNeeds.Judge(Parsed, new ToolCall(tool, ToolArguments.FromJson(arguments)) { GrantId = "g" });

    private static CounterRequest RequestOf(in Evaluation evaluation) =>
        evaluation.Counting!.Request(ApprovalNeeds.Noon.ToUnixTimeMilliseconds(), "g", null, evaluation.Demands);

    private static CounterKey KeyOf(CounterDefinition definition) => new(definition, "g", null);

    private static (string Name, long Used, long Amount, bool Fits) Parts(CounterStanding standing) =>
        (standing.Use.Counter.CounterName, standing.UsedMillionths, standing.AmountMillionths, standing.Fits);

    private static long Units(CounterStanding standing) => standing.UsedMillionths / CounterDemand.Unit;

    private static long Max(CounterStanding standing) => standing.Use.MaxMillionths;

    /// <summary>Charges the limits, whatever the orders say.</summary>
    private async Task ChargeAsync(Evaluation evaluation)
    {
        var charged = new List<CounterDemand>();
        foreach (CounterDemand demand in RequestOf(evaluation))
        {
            charged.Add(new CounterDemand(demand.Key, demand.AmountMillionths, CounterDemand.Largest));
        }

        CounterReservation answer = await _store.ReserveAsync(new CounterRequest(ApprovalNeeds.Noon, "g", null, charged));
        Assert.Equal(CounterReservationStatus.Admitted, answer.Status);
    }

    private async Task<(CounterReservation Looked, IReadOnlyList<CounterStanding> Standings)> LookAsync(Evaluation evaluation)
    {
        CounterRequest request = RequestOf(evaluation);
        CounterReservation looked = await _store.ReserveAsync(request.Looking());
        return (looked, evaluation.Counting!.StandingsOf(request, looked, evaluation.Demands));
    }
}
