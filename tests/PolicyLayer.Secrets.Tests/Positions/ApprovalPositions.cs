using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Positions;

/// <summary>Secrets in what a person is asked about, which ask in every way there is.</summary>
internal static class ApprovalPositions
{
    public static IEnumerable<PlantedCall> Of(Plant plant)
    {
        foreach ((string name, string entry) in Entries)
        {
            for (int i = 0; i < 3; i++)
            {
                string value = plant.Text($"{name} {i}");
                string nested = $$"""{"{{plant.Text($"{name} {i}, name")}}":["{{value}}"]}""";
                string text = $$"""{"v":"{{value}}","n":{{plant.Number($"{name} {i}, number")}},"o":{{nested}} }""";
                yield return new PlantedCall(
                    $"{name}-{i}",
                    entry.Replace("VALUE", value, StringComparison.Ordinal),
                    DecisionCode.ApprovalRequired,
                    ToolArguments.FromJson(text),
                    ToolArguments.FromJson($$"""{"v":"{{plant.Text($"{name} {i}, context")}}"}"""));
            }
        }
    }

    private static (string Name, string Entry)[] Entries =>
    [
        ("ask", """{"action":"require_approval","reason":"why"}"""),
        ("ask-operand", """{"approve_if":[{"conditions":[{"path":"args.v","op":"eq","value":"VALUE"}]}]}"""),
        ("ask-unjudgeable", """{"approve_if":[{"conditions":[{"path":"args.v.x","op":"gt","value":1}]}]}"""),
        ("ask-context", """{"approve_if":[{"conditions":[{"path":"context.v","op":"neq","value":"x"}]}]}"""),
        ("ask-same", """{"action":"require_approval","approval":{"same":["args.v"],"uses":1,"for":"hour"}}"""),
        ("ask-limit",
            """{"action":"require_approval","limits":[{"counter":"asked","window":"day","max":99,"per":["args.v","context.v"]}]}"""),
    ];
}
