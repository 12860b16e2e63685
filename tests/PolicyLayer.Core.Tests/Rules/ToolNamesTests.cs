using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Tests.Rules;

public sealed class ToolNamesTests
{
    private static readonly PolicyIdentity Identity = new("p", "r");

    /// <summary>Few characters, so that names meet often; lengths around the eight bytes that are hashed at once.</summary>
    private static Gen<string> Name =>
        from length in Gen.Choose(0, 13)
        from letters in Gen.ArrayOf(Gen.Elements('a', 'b', '\0', 'ſ', '\uFFFD'), length)
        select new string(letters);

    [Property(MaxTest = 300)]
    public Property Agrees_with_a_dictionary() => Prop.ForAll(
        Name.ArrayOf().ToArbitrary(),
        Gen.Choose(0, 40).ToArbitrary(),
        (names, expected) =>
        {
            var table = new ToolNames(expected);
            var model = new Dictionary<string, ToolEntry>(StringComparer.Ordinal);
            foreach (string name in names)
            {
                ToolEntry entry = Entry();
                table.Set(name, entry);
                model[name] = entry;
            }

            Assert.Equal(model.Count, table.Count);
            Assert.Equal(model.Keys.Order(StringComparer.Ordinal), table.All.Order(StringComparer.Ordinal));
            foreach (string name in names.Concat(names.Select(name => name + "a")).Concat(names.Select(name => "b" + name)))
            {
                Assert.Equal(model.GetValueOrDefault(name), table.TryGet(name, out ToolEntry? found) ? found : null);
            }
        });

    private static ToolEntry Entry() => new(Verdict.Deny(DecisionCode.NotListed, Identity, ToolRisk.Unspecified, null));
}
