namespace PolicyLayer.Tests.Sqlite;

/// <summary>Skipped, visibly, for a user whom file permissions don't bind.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute() => Skip = Environment.IsPrivilegedProcess ? "Read-only files don't bind root." : null;
}
