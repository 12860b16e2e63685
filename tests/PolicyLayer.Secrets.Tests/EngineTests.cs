using PolicyLayer.Tests.Secrets.Hosts;
using PolicyLayer.Tests.Secrets.Positions;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets;

/// <summary>What calls, contexts and grants say is told nowhere, however the calls are judged.</summary>
public sealed class EngineTests
{
    [Fact]
    public Task What_is_judged() => RunAsync(JudgedPositions.Of);

    [Fact]
    public Task What_is_refused() => RunAsync(RefusedPositions.Of);

    [Fact]
    public Task What_a_host_s_dictionaries_hold() => RunAsync(DictionaryPositions.Of);

    private static async Task RunAsync(Func<Plant, IEnumerable<PlantedCall>> positions)
    {
        var plant = new Plant();
        PlantedCall[] calls = [.. positions(plant)];
        await using var stage = new Stage(PlantedCall.PolicyOf(calls), plant);
        var unexpected = new List<string>();
        foreach (PlantedCall call in calls)
        {
            ToolCallDecision decision = await stage.CallAsync(call.ToCall());
            if (decision.Code != call.Code)
            {
                unexpected.Add($"{call.Name}: {decision.Code}");
            }
        }

        await stage.EndAsync();
        stage.Witness.AssertHasNone(plant.Secrets);
        Assert.Empty(unexpected);
    }
}
