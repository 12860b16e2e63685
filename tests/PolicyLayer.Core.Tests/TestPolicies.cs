using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace PolicyLayer.Tests;

internal static class TestPolicies
{
    /// <summary>The published policy.</summary>
    public const string Stellify = """
        { "version": "1", "default": "deny",
          "tools": { "run_code": { "limits": [
            { "counter": "run_code_rate", "window": "minute", "max": 10, "scope": "grant" } ] } } }
        """;

    /// <summary>For tests in which it doesn't matter who calls.</summary>
    public static ToolCallAuthorizerOptions OneGrant => new() { DefaultGrantId = "default" };

    public static PolicyLoadResult Load(string json, PolicyLoadOptions? options = null) =>
        Policy.Load(Encoding.UTF8.GetBytes(json), options);

    public static FakeTimeProvider ClockAt(string time) => new(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

    public static ToolCallAuthorizer Authorizer(string policy, Action<ToolCallAuthorizerOptions>? configure = null)
    {
        ToolCallAuthorizerOptions options = OneGrant;
        options.TimeProvider = ClockAt("2026-01-01T00:00:00Z");
        configure?.Invoke(options);
        return new ToolCallAuthorizer(Policy.Parse(policy), options);
    }

    /// <summary>The result of what completes at once.</summary>
    public static T Now<T>(ValueTask<T> work) =>
        work.IsCompletedSuccessfully ? work.Result : throw new InvalidOperationException("The work didn't complete at once.");
}
