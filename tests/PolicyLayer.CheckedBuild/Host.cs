namespace PolicyLayer.CheckedBuild;

/// <summary>Something to compile, behind the policy.</summary>
public static class Host
{
    /// <summary>The policy that was validated.</summary>
    public const string PolicyFile = "policy.json";
}
