using System.Collections;

namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>Says what its thrower was given wherever an exception can say something.</summary>
internal sealed class SecretException(string secret) : Exception($"failed on {secret}", new InvalidOperationException($"inner {secret}"))
{
    public override string? HelpLink => secret;

    public override string? Source => secret;

    public override string StackTrace => $"at {secret}";

    public override IDictionary Data { get; } = new Dictionary<string, string> { [secret] = secret };

    public override string ToString() => $"{Message} {InnerException!.Message}";
}
