using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Secrets.Hosts;
using PolicyLayer.Tests.Secrets.Searching;
using PolicyLayer.Tests.Secrets.Witnesses;

namespace PolicyLayer.Tests.Secrets;

/// <summary>What is searched would be found: in every form, and at every place where the other tests find nothing.</summary>
public sealed class SearcherTests
{
    public static TheoryData<string> Forms =>
    [
        "plain", "cut", "rest", "upper", "escaped", "hex", "HEX", "utf-16", "percent", "base64 0", "base64 1", "base64 2", "base64url",
        "sha-256", "SHA-256", "sha-256 in quotes", "sha-256 in base64", "sha-256 in bytes",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_text_is_found_in_every_form(string form)
    {
        string text = new Plant().Text("planted");
        var witness = new Witness();
        witness.See("here", [.. "before "u8, .. WriteAs(form, text), .. " behind"u8]);
        Assert.StartsWith("planted, ", Assert.Single(witness.Find([new Secret("planted", text)]).Take(1)), StringComparison.Ordinal);
        Assert.Equal(["here"], witness.PlacesOf(new Secret("planted", text)));
        Assert.Empty(witness.PlacesOf(new Secret("other", new Plant().Text("other"))));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("-{0}.0")]
    [InlineData("{0}e5")]
    [InlineData("0.{0}")]
    public void A_number_is_found(string format)
    {
        string number = new Plant().Number("planted");
        var witness = new Witness();
        witness.See("here", string.Format(CultureInfo.InvariantCulture, format, number));
        witness.See("there", (double.Parse(number, CultureInfo.InvariantCulture) / 1e14).ToString("R", CultureInfo.InvariantCulture));
        Assert.Equal(["here", "there"], witness.PlacesOf(new Secret("planted", number)).Order());
    }

    /// <summary>An author's own words, which may be told, stand in for a value that mustn't.</summary>
    [Fact]
    public async Task What_is_told_is_seen_at_every_place()
    {
        var plant = new Plant();
        string told = plant.Text("told");
        var planted = new Secret("told", told);
        await using var stage = new Stage(
            $$"""
            { "version": "1", "default": "deny", "tools": {
              "deny": { "action": "deny", "reason": "{{told}}" },
              "count": { "limits": [{ "counter": "{{told}}", "window": "day", "max": 9 }] } } }
            """,
            plant,
            builder => builder.UseStagedCounters());
        await stage.CallAsync(new ToolCall("deny", ToolArguments.FromJson($$"""{"{{told}}":1}""")) { GrantId = "g" });
        await stage.CallAsync(new ToolCall("count") { GrantId = "g" });
        await stage.WatchAsync(() => throw new SecretException(told));
        TellElsewhere(stage, told);
        await stage.EndAsync();

        string[] expected =
        [
            "activities", "counters", "decisions", "events", "exceptions", "explanations", "faults", "files", "logs", "metrics",
            "open databases", "records",
        ];
        Assert.Equal(expected, stage.Witness.PlacesOf(planted).Order(StringComparer.Ordinal));
        Assert.Equal(expected, stage.Witness.Places.Order(StringComparer.Ordinal));
    }

    /// <summary>As a part of the library might: by a source, a meter and an event source of its name, and by a fault.</summary>
    private static void TellElsewhere(Stage stage, string told)
    {
        using (var source = new ActivitySource("PolicyLayer.Control"))
        using (Activity? activity = source.StartActivity("control"))
        {
            activity!.SetTag("a", told);
        }

        using (var meter = new Meter("PolicyLayer.Control"))
        {
            meter.CreateCounter<long>("control").Add(1, KeyValuePair.Create<string, object?>("a", told));
        }

        using (var events = new ControlEvents())
        {
            events.Tell(told);
        }

        stage.Faults.OnFault(new Fault
        {
            Kind = FaultKind.AuditWrite,
            Place = "AuditSinks[0]",
            DecisionId = "d",
            ExceptionType = "E",
            Exception = new InvalidOperationException(told),
        });
    }

    private static byte[] WriteAs(string form, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] quoted = JsonSerializer.SerializeToUtf8Bytes(text);
        return form switch
        {
            "cut" => bytes[..14],
            "rest" => bytes[10..],
            "utf-16" => Encoding.Unicode.GetBytes(text),
            "sha-256 in bytes" => SHA256.HashData(bytes),
            _ => Encoding.UTF8.GetBytes(form switch
            {
                "upper" => text.ToUpperInvariant(),
                "escaped" => string.Concat(text.Select(each => $"\\u{(int)each:x4}")),
                "hex" => Convert.ToHexStringLower(bytes),
                "HEX" => Convert.ToHexString(bytes),
                "percent" => string.Concat(bytes.Select(each => $"%{each:X2}")),
                "base64 0" => Convert.ToBase64String(bytes),
                "base64 1" => Convert.ToBase64String([1, .. bytes, 7]),
                "base64 2" => Convert.ToBase64String([1, 2, .. bytes, 7]),
                "base64url" => UrlEncoder.Default.Encode(Convert.ToBase64String([0xff, .. bytes])),
                "sha-256" => Convert.ToHexStringLower(SHA256.HashData(bytes)),
                "SHA-256" => Convert.ToHexString(SHA256.HashData(bytes)),
                "sha-256 in quotes" => Convert.ToHexStringLower(SHA256.HashData(quoted)),
                "sha-256 in base64" => Convert.ToBase64String(SHA256.HashData(bytes)),
                _ => text,
            }),
        };
    }

    [EventSource(Name = "PolicyLayer-Control")]
    private sealed class ControlEvents : EventSource
    {
        [Event(1, Level = EventLevel.Verbose)]
        public void Tell(string what) => WriteEvent(1, what);
    }
}
