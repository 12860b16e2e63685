namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>How something of the host's fails.</summary>
public enum LeakyWay
{
    AtOnce,
    Late,
    GivenUp,
}
