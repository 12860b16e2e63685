using System.Reflection;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Rules;

public sealed class RuleListTests
{
    /// <summary>The lists that there are, those to come among them.</summary>
    private static readonly RuleList[] Lists =
    [
        .. typeof(RuleList).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(RuleList))
            .Select(property => (RuleList)property.GetValue(null)!),
    ];

    [Fact]
    public void Nobody_else_makes_a_list() =>
        Assert.All(
            typeof(RuleList).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
            constructor => Assert.True(constructor.IsPrivate));

    [Fact]
    public void A_call_passes_a_list_by_a_definite_judgement_alone()
    {
        Assert.Equal(["require", "deny_if", "approve_if"], Lists.Select(list => list.Name));
        Assert.All(Lists, list => Assert.Equal(list.MustHold ? Judgement.True : Judgement.False, list.Passing));
    }

    [Fact]
    public void What_stands_against_a_call_denies_it() =>
        Assert.All(Lists, list => Assert.NotEqual(DecisionCode.Allowed, list.Code));
}
