using PolicyLayer.Grants;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Where policies and grants come from and what a call may cost. Checked when the host starts; read once. Not thread-safe.
/// </summary>
/// <remarks>
/// Counters, approvals, audit sinks, the fault listener, the clock and the keys come from the container, and so do grants that no document
/// names. All properties can be set by a configuration: <c>services.AddPolicyLayer(configuration.GetSection("PolicyLayer"))</c>. The
/// policies are that of <see cref="PolicyFile"/>, then those of <see cref="PolicyFiles"/>, then those that <see cref="AddPolicy"/> named,
/// each in its order; the first judges the calls of grants that name none. A relative path starts at the host's content root; in a
/// container without a host, at what was the current directory when <c>AddPolicyLayer</c> was called.
/// </remarks>
public sealed class PolicyLayerOptions
{
    private static readonly ToolCallAuthorizerOptions Defaults = new();
    private static readonly PolicyReloaderOptions ReloadDefaults = new();

    private readonly List<(DocumentSource Document, PolicyLoadOptions? Load)> _documents = [];
    private string? _grantsFile;
    private DocumentSource? _grants;

    /// <summary>The file of a policy, the first of all. Null, the default, for none; empty is an error.</summary>
    public string? PolicyFile { get; set; }

    /// <summary>The files of further policies, no two of one name and no path empty. None by default.</summary>
    public IList<string> PolicyFiles { get; } = [];

    /// <summary>
    /// The file of the grants, in place of a document that was named before: it fills the container's <see cref="GrantDirectory"/>. Null,
    /// the default, for none; empty is an error.
    /// </summary>
    public string? GrantsFile
    {
        get => _grantsFile;
        set
        {
            _grantsFile = value;
            _grants = null;
        }
    }

    /// <summary>How policies are read, but for those that brought options: the name, where there is but one, and limits of size.</summary>
    public PolicyLoadOptions PolicyLoad { get; } = new();

    /// <summary>
    /// How the grants are read: limits of size. <see cref="GrantLoadOptions.PolicyNames"/> are those of the policies, whatever it says.
    /// </summary>
    public GrantLoadOptions GrantLoad { get; } = new();

    /// <summary>
    /// Whether the files of policies and grants are watched while the host runs, and what they say comes into force once it is whole and
    /// right. A bad edit is logged and leaves what was there. True by default: who takes a right away in a file means now.
    /// </summary>
    public bool Reload { get; set; } = true;

    /// <inheritdoc cref="PolicyReloaderOptions.PollInterval"/>
    public TimeSpan PollInterval { get; set; } = ReloadDefaults.PollInterval;

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

    /// <summary>Why a configuration couldn't be taken: told with all else that is wrong.</summary>
    internal List<string> ConfigurationFailures { get; } = [];

    internal bool HasPolicies => PolicyCount > 0;

    internal int PolicyCount => Files.Count() + _documents.Count;

    internal bool HasGrants => _grantsFile is not null || _grants is not null;

    /// <summary>Files whose path is empty, by the names of their options: whoever wrote them meant a file.</summary>
    internal IEnumerable<string> FindEmptyPaths()
    {
        if (PolicyFile is "")
        {
            yield return nameof(PolicyFile);
        }

        for (int i = 0; i < PolicyFiles.Count; i++)
        {
            if (string.IsNullOrEmpty(PolicyFiles[i]))
            {
                yield return $"{nameof(PolicyFiles)}[{i}]";
            }
        }

        if (GrantsFile is "")
        {
            yield return nameof(GrantsFile);
        }
    }

    private IEnumerable<string> Files =>
        PolicyFiles.Prepend(PolicyFile).Where(file => !string.IsNullOrEmpty(file)).Select(file => file!);

    /// <summary>Adds a policy: a stream, a text, a resource of an assembly, or a file that is read with options of its own.</summary>
    /// <param name="document">The policy's document.</param>
    /// <param name="load">How it is read; null for <see cref="PolicyLoad"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="document"/> is null.</exception>
    public void AddPolicy(DocumentSource document, PolicyLoadOptions? load = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        _documents.Add((document, load));
    }

    /// <summary>Takes the policy from a file, in place of all policies that were named before.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    public void UsePolicyFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ForgetPolicies();
        PolicyFile = path;
    }

    /// <summary>Takes the policy from a stream, in place of all policies that were named before.</summary>
    /// <param name="open">Opens the stream, which is read to its end and disposed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="open"/> is null.</exception>
    public void UsePolicyStream(Func<Stream> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        ForgetPolicies();
        AddPolicy(DocumentSource.FromStream("policy", open));
    }

    /// <summary>Takes the policy from a text, in place of all policies that were named before.</summary>
    /// <param name="json">The document itself.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public void UsePolicyJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        ForgetPolicies();
        AddPolicy(DocumentSource.FromText("policy", json));
    }

    /// <summary>Takes the grants from a document that needn't be a file, in place of what was set before.</summary>
    /// <param name="document">The document of the grants.</param>
    /// <exception cref="ArgumentNullException"><paramref name="document"/> is null.</exception>
    public void UseGrants(DocumentSource document)
    {
        ArgumentNullException.ThrowIfNull(document);
        (_grantsFile, _grants) = (null, document);
    }

    /// <exception cref="ArgumentException">There is no policy, a path is none, or an option is out of range.</exception>
    internal PolicyBundleSource ToSource(string basePath) => new(
        Files.Select(file => new PolicySource(FileOf(file, basePath), PolicyLoad))
            .Concat(_documents.Select(policy => new PolicySource(policy.Document, policy.Load ?? PolicyLoad))),
        string.IsNullOrEmpty(_grantsFile) ? _grants : FileOf(_grantsFile, basePath),
        GrantLoad);

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

    private static DocumentSource FileOf(string path, string basePath) => DocumentSource.FromFile(Path.GetFullPath(path, basePath));

    private void ForgetPolicies()
    {
        PolicyFile = null;
        PolicyFiles.Clear();
        _documents.Clear();
    }
}
