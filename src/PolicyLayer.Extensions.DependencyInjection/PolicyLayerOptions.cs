namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Where the policy comes from and what a call may cost. Checked when the host starts; read once.</summary>
/// <remarks>
/// Grants, counters, approvals, audit sinks, the fault listener and the clock come from the container. The properties can be bound to a
/// configuration:
/// <c>services.AddPolicyLayer(options => configuration.GetSection("PolicyLayer").Bind(options))</c>. Not thread-safe.
/// </remarks>
public sealed class PolicyLayerOptions
{
    private static readonly ToolCallAuthorizerOptions Defaults = new();

    /// <summary>How the document is read: the policy's name, and limits of its size.</summary>
    public PolicyLoadOptions PolicyLoad { get; } = new();

    /// <inheritdoc cref="ToolCallAuthorizerOptions.DefaultGrantId"/>
    public string? DefaultGrantId { get; set; }

    /// <inheritdoc cref="ToolCallAuthorizerOptions.MaxArgumentsBytes"/>
    public int MaxArgumentsBytes { get; set; } = Defaults.MaxArgumentsBytes;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.MaxArgumentsDepth"/>
    public int MaxArgumentsDepth { get; set; } = Defaults.MaxArgumentsDepth;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.MaxWork"/>
    public long MaxWork { get; set; } = Defaults.MaxWork;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.MaxOpenCalls"/>
    public int MaxOpenCalls { get; set; } = Defaults.MaxOpenCalls;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.CounterTimeout"/>
    public TimeSpan CounterTimeout { get; set; } = Defaults.CounterTimeout;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.GrantTimeout"/>
    public TimeSpan GrantTimeout { get; set; } = Defaults.GrantTimeout;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.ApprovalTimeout"/>
    public TimeSpan ApprovalTimeout { get; set; } = Defaults.ApprovalTimeout;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.ApprovalPendingFor"/>
    public TimeSpan ApprovalPendingFor { get; set; } = Defaults.ApprovalPendingFor;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.ApprovalValidFor"/>
    public TimeSpan ApprovalValidFor { get; set; } = Defaults.ApprovalValidFor;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.MaxPendingApprovals"/>
    public int MaxPendingApprovals { get; set; } = Defaults.MaxPendingApprovals;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.ContinuableFor"/>
    public TimeSpan ContinuableFor { get; set; } = Defaults.ContinuableFor;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.MaxContinuations"/>
    public int MaxContinuations { get; set; } = Defaults.MaxContinuations;

    /// <inheritdoc cref="ToolCallAuthorizerOptions.AuditTimeout"/>
    public TimeSpan AuditTimeout { get; set; } = Defaults.AuditTimeout;

    /// <summary>
    /// The policy's file, for options that are bound to a configuration; setting it is <see cref="UsePolicyFile"/>. Null, the default, when
    /// the policy comes from elsewhere; an empty path counts as none.
    /// </summary>
    public string? PolicyFile
    {
        get => Source?.Path;
        set => Source = string.IsNullOrEmpty(value) ? null : PolicySource.File(value);
    }

    internal PolicySource? Source { get; private set; }

    /// <summary>Takes the policy from a file, in place of what was set before.</summary>
    /// <param name="path">The file; a relative path starts from the current directory at the time of this call.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path.</exception>
    public void UsePolicyFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Source = PolicySource.File(path);
    }

    /// <summary>Takes the policy from a stream, in place of what was set before.</summary>
    /// <param name="open">Opens the stream, which is read to its end and disposed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="open"/> is null.</exception>
    public void UsePolicyStream(Func<Stream> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        Source = PolicySource.Stream(open);
    }

    /// <summary>Takes the policy from a text, in place of what was set before.</summary>
    /// <param name="json">The document itself.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public void UsePolicyJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Source = PolicySource.Json(json);
    }

    internal ToolCallAuthorizerOptions ToAuthorizerOptions() => new()
    {
        DefaultGrantId = DefaultGrantId,
        MaxArgumentsBytes = MaxArgumentsBytes,
        MaxArgumentsDepth = MaxArgumentsDepth,
        MaxWork = MaxWork,
        MaxOpenCalls = MaxOpenCalls,
        CounterTimeout = CounterTimeout,
        AuditTimeout = AuditTimeout,
        GrantTimeout = GrantTimeout,
        ApprovalTimeout = ApprovalTimeout,
        ApprovalPendingFor = ApprovalPendingFor,
        ApprovalValidFor = ApprovalValidFor,
        MaxPendingApprovals = MaxPendingApprovals,
        ContinuableFor = ContinuableFor,
        MaxContinuations = MaxContinuations,
    };
}
