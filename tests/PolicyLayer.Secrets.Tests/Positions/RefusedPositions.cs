using System.Text;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Positions;

/// <summary>Secrets in what can't be read, names at the top included: of refused arguments not even those are recorded.</summary>
internal static class RefusedPositions
{
    public const int MaxBytes = 20_000;

    public static IEnumerable<PlantedCall> Of(Plant plant)
    {
        foreach ((string name, DecisionCode code, Func<string, string> text) in Texts)
        {
            yield return new PlantedCall($"refused-{name}", "{}", code, ToolArguments.FromJson(text(plant.Text($"refused-{name}"))));
            yield return new PlantedCall(
                $"refused-context-{name}", "{}", DecisionCode.ContextMalformed, default,
                ToolArguments.FromJson(text(plant.Text($"refused-context-{name}"))));
            yield return new PlantedCall($"refused-inputs-{name}", "{}", code, default)
            {
                Inputs = ToolArguments.FromJson(text(plant.Text($"refused-inputs-{name}"))),
            };
        }

        foreach ((string name, byte[] tail) in Tails)
        {
            string head = $$"""{"{{plant.Text($"bytes-name-{name}")}}":"{{plant.Text($"bytes-{name}")}}""";
            byte[] text = [.. Encoding.UTF8.GetBytes(head), .. tail];
            yield return new PlantedCall($"bytes-{name}", "{}", DecisionCode.ArgumentsMalformed, ToolArguments.FromUtf8(text));
        }
    }

    private static (string Name, DecisionCode Code, Func<string, string> Text)[] Texts =>
    [
        ("duplicate-name", DecisionCode.ArgumentsMalformed, secret => $$"""{"{{secret}}":1,"{{secret}}":2}"""),
        ("duplicate-value", DecisionCode.ArgumentsMalformed, secret => $$"""{"v":"{{secret}}","v":"{{secret}}x"}"""),
        ("duplicate-nested", DecisionCode.ArgumentsMalformed, secret => $$"""{"v":{"{{secret}}":1,"{{secret}}":"{{secret}}"} }"""),
        ("deep", DecisionCode.ArgumentsTooLarge,
            secret => $$"""{"{{secret}}":{{new string('[', 80)}}"{{secret}}"{{new string(']', 80)}}}"""),
        ("large", DecisionCode.ArgumentsTooLarge, secret => $$"""{"{{secret}}":"{{secret}}{{new string('x', MaxBytes)}}{{secret}}"}"""),
        ("unended", DecisionCode.ArgumentsMalformed, secret => $$"""{"{{secret}}":"{{secret}}"""),
        ("unquoted", DecisionCode.ArgumentsMalformed, secret => $$"""{"v":{{secret}}}"""),
        ("trailing", DecisionCode.ArgumentsMalformed, secret => $$"""{"v":1} {{secret}}"""),
        ("bare", DecisionCode.ArgumentsMalformed, secret => $"\"{secret}\""),
        ("list", DecisionCode.ArgumentsMalformed, secret => $"[\"{secret}\"]"),
        ("half-surrogate", DecisionCode.ArgumentsMalformed, secret => $$"""{"v":"{{secret}}\ud800"}"""),
        ("half-surrogate-name", DecisionCode.ArgumentsMalformed, secret => $$"""{"{{secret}}\ud800":1}"""),
        ("half-surrogate-raw", DecisionCode.ArgumentsMalformed, secret => $"{{\"v\":\"{secret}\ud800\"}}"),
        ("control", DecisionCode.ArgumentsMalformed, secret => $"{{\"v\":\"{secret}\n\"}}"),
        ("escape", DecisionCode.ArgumentsMalformed, secret => $$"""{"v":"{{secret}}\x41"}"""),
        ("number", DecisionCode.ArgumentsMalformed, secret => $$"""{"{{secret}}":01234}"""),
        ("mark", DecisionCode.ArgumentsMalformed, secret => $"\uFEFF{{\"v\":\"{secret}\"}}"),
    ];

    private static (string Name, byte[] Tail)[] Tails =>
    [
        ("invalid", [0xff, .. "\"}"u8]),
        ("cut", [0xe2, 0x82, .. "\"}"u8]),
        ("overlong", [0xc0, 0xaf, .. "\"}"u8]),
        ("surrogate", [0xed, 0xa0, 0x80, .. "\"}"u8]),
        ("nul", [0, .. "\"}"u8]),
    ];
}
