using System.Text.Json;

namespace PolicyLayer.Approvals;

/// <summary>
/// What a person sees of a request. It holds argument values, and is for nobody's log: <see cref="ToString"/> has none. Immutable.
/// </summary>
public sealed class ApprovalView
{
    internal ApprovalView(StoredApproval stored)
    {
        Stored = stored;
        using JsonDocument? content = Read(stored.Content);
        if (content is null)
        {
            return;
        }

        JsonElement root = content.RootElement;
        if (ApprovalMembers.Texts(root, "rules") is not { } rules || ApprovalMembers.Texts(root, "same") is not { } same)
        {
            // What asked, or what would be covered, isn't known: nothing is shown that a person could approve.
            return;
        }

        ToolName = ApprovalMembers.Text(root, "tool");
        Server = ApprovalMembers.Text(root, "server");
        SessionId = ApprovalMembers.Text(root, "session");
        SessionSource = ApprovalMembers.Text(root, "session_source");
        GrantLabel = ApprovalMembers.Text(root, "label");
        Risk = ApprovalMembers.Text(root, "risk");
        PolicyName = ApprovalMembers.Text(root, "policy");
        PolicyRevision = ApprovalMembers.Text(root, "revision");
        Rule = ApprovalMembers.Text(root, "rule");
        AskedBecause = ApprovalMembers.Text(root, "reason");
        Rules = rules;
        Same = same;
        Counters = ApprovalMembers.Counters(root);
        Arguments = root.TryGetProperty("arguments", out JsonElement arguments) ? arguments.Clone() : null;
        Context = ApprovalMembers.Object(root, "context");
    }

    /// <summary>The approval's id.</summary>
    public string Id => Stored.Id;

    /// <summary>Whose call it is.</summary>
    public string GrantId => Stored.GrantId;

    /// <summary>What people call the grant, or null.</summary>
    public string? GrantLabel { get; }

    /// <summary>Where it stands.</summary>
    public ApprovalStatus Status => Stored.Status;

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset Requested => Stored.Requested;

    /// <summary>
    /// When the request, the approval or the refusal ends, or ended. For one that was refused with another of the same call, when it was:
    /// how long the call is denied says the other.
    /// </summary>
    public DateTimeOffset Until => Stored.Until;

    /// <summary>What it covers, unless whoever approves narrows it; once approved, what is covered.</summary>
    public ApprovalTerms Terms => Stored.Terms;

    /// <summary>
    /// The paths of the arguments whose values a call must have in common with this one to be covered too, whatever its other arguments
    /// are; empty where nothing but this very call is covered.
    /// </summary>
    public IReadOnlyList<string> Same { get; } = [];

    /// <summary>Whether whoever approved it narrowed it to this very call, in spite of <see cref="Same"/>.</summary>
    public bool IsExact => Stored.IsExact;

    /// <summary>How many calls are left of those that it covers.</summary>
    public int UsesLeft => Stored.UsesLeft;

    /// <summary>Who answered; null while nobody has.</summary>
    public string? AnsweredBy => Stored.AnsweredBy;

    /// <summary>When; null while nobody has.</summary>
    public DateTimeOffset? Answered => Stored.Answered;

    /// <summary>Why, in the words of who answered; null for none.</summary>
    public string? AnsweredBecause => Stored.Reason;

    /// <summary>
    /// The tool; null, as all that follows and <see cref="Same"/> is empty, once the approval has ended and what it was about was erased,
    /// and where it can't be read with the keys of this process.
    /// </summary>
    public string? ToolName { get; }

    /// <summary>The server that has the tool, by the host's name for it; null for a host of one.</summary>
    public string? Server { get; }

    /// <summary>The agent's session, or null.</summary>
    public string? SessionId { get; }

    /// <summary>Where the session comes from, as <see cref="WireNames.ToWireString(SessionSource)"/> says it; null without one.</summary>
    public string? SessionSource { get; }

    /// <summary>How the policy classes the tool, as <see cref="WireNames.ToWireString(ToolRisk)"/> says it; null for nothing.</summary>
    public string? Risk { get; }

    /// <summary>The policy that asks.</summary>
    public string? PolicyName { get; }

    /// <summary>Its revision.</summary>
    public string? PolicyRevision { get; }

    /// <summary>The JSON Pointer of the first rule that asks.</summary>
    public string? Rule { get; }

    /// <summary>The pointers of all that ask: the approval covers them together.</summary>
    public IReadOnlyList<string> Rules { get; } = [];

    /// <summary>Why a person is asked, in the words of the policy's author or made from the rule.</summary>
    public string? AskedBecause { get; }

    /// <summary>
    /// What the counters of its limits stood at when it was asked for, in the order in which a call meets them; empty where none is asked,
    /// or the counter store didn't say. What they hold is no part of what is approved: limits are judged again when the call comes back.
    /// </summary>
    public IReadOnlyList<ApprovalCounter> Counters { get; } = [];

    /// <summary>The arguments, as one JSON object in canonical form: exactly what is approved.</summary>
    public JsonElement? Arguments { get; }

    /// <summary>The facts of the host's that rules read, by their paths, as one JSON object; null for none.</summary>
    public JsonElement? Context { get; }

    internal StoredApproval Stored { get; }

    /// <summary>The id and where it stands.</summary>
    public override string ToString() => $"{Id}: {Status}";

    /// <summary>The content; null where there is none, or what another protector made stands there.</summary>
    private static JsonDocument? Read(ReadOnlyMemory<byte> content)
    {
        if (content.IsEmpty || content.Span[0] != (byte)'{')
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
