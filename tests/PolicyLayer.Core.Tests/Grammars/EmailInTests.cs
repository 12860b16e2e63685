using PolicyLayer.Grammars.Addresses;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Which addresses are listed.</summary>
public sealed class EmailInTests
{
    public static TheoryData<GrammarRow> Rows() => GrammarRow.Read("email_in.json");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Address_is_judged_as_the_table_says(GrammarRow row) => row.Holds(EmailIn.FindProblem, EmailIn.Judge);

    [Fact]
    public void Judging_allocates_nothing() => GrammarCosts.AreNone("email_in.json", EmailIn.Judge);

    [Theory]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("a.")]
    [InlineData("a,")]
    public void Long_texts_are_no_addresses(string part)
    {
        Judge judge = EmailIn.Judge;
        string text = string.Concat(Enumerable.Repeat(part, GrammarCosts.Long / part.Length)) + "@a.test";

        Assert.Equal(Judgement.Unjudgeable, judge.JudgeText(text, "@a.test", "a@a.test"));
    }
}
