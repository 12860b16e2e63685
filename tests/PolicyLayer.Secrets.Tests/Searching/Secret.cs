namespace PolicyLayer.Tests.Secrets.Searching;

/// <summary>What must appear nowhere, and where it was planted, so that a hit names its position.</summary>
internal sealed record Secret(string Position, string Value)
{
    public bool IsNumber => char.IsAsciiDigit(Value[0]);
}
