using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>An approval store under test, with what a case expects of it. Times are milliseconds after <see cref="Start"/>.</summary>
internal sealed class CaseApprovals(IApprovalStore store, CancellationToken cancellationToken)
{
    public const long Second = 1_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;

    /// <summary>For how long a request of these cases is pending, and an approval in force, unless they say otherwise.</summary>
    public const long Period = 10 * Minute;

    public static DateTimeOffset Start { get; } = DateTimeOffset.FromUnixTimeMilliseconds(CaseStores.Start);

    public IApprovalStore Store => store;

    public async Task<ApprovalAnswer> AskAsync(ApprovalRequest request)
    {
        ApprovalAnswer answer = await store.AskAsync(request, cancellationToken).ConfigureAwait(false);
        bool hasOne = answer.Kind is ApprovalAnswerKind.Found or ApprovalAnswerKind.Requested;
        Require(answer.Kind != ApprovalAnswerKind.None && hasOne == answer.Approval is not null, "An answer is none.");
        if (answer.Approval is { } approval)
        {
            RequireSound(approval);
            Require(approval.Binding == request.Binding, "An answer has another binding than the one that was asked for.");
            bool isThere = approval.Status is ApprovalStatus.Pending or ApprovalStatus.Approved or ApprovalStatus.Refused;
            Require(isThere, $"An answer is {approval.Status}.");
            Require(
                !approval.IsExact || approval.Status == ApprovalStatus.Refused || approval.ExactBinding == request.ExactBinding,
                "A call was answered with what was narrowed to another one.");
        }

        return answer;
    }

    /// <summary>Asks where there is nothing, and requires that a request is made.</summary>
    public async Task<StoredApproval> RequestAsync(ApprovalRequest request, string what = "A call that nothing covers")
    {
        ApprovalAnswer answer = await AskAsync(request).ConfigureAwait(false);
        Require(answer.Kind == ApprovalAnswerKind.Requested, $"{what} was answered with {answer.Kind}.");
        Require(
            answer.Approval!.Id == request.NewId && answer.Approval.Status == ApprovalStatus.Pending,
            $"{what} was answered with an approval of another id, or that isn't pending.");
        return answer.Approval;
    }

    public async Task<StoredApproval> RequireFoundAsync(
        ApprovalRequest request, string id, ApprovalStatus status, string what = "A call that something covers")
    {
        ApprovalAnswer answer = await AskAsync(request).ConfigureAwait(false);
        Require(
            answer.Kind == ApprovalAnswerKind.Found && answer.Approval!.Id == id && answer.Approval.Status == status,
            $"{what} was answered with {answer.Kind}, {answer.Approval?.Status}, not with the one that is {status}.");
        return answer.Approval!;
    }

    public async Task RequireAnswerAsync(ApprovalAnswerKind expected, ApprovalRequest request, string what)
    {
        ApprovalAnswer answer = await AskAsync(request).ConfigureAwait(false);
        Require(answer.Kind == expected, $"{what} was answered with {answer.Kind}, not with {expected}.");
    }

    public Task<bool> SpendAsync(string id, string binding = "b", long at = 0, string? exact = null) =>
        store.SpendAsync(UseOf(id, binding, at, exact), cancellationToken).AsTask();

    public async Task RequireSpentAsync(
        bool expected, string id, string what, string binding = "b", long at = 0, string? exact = null)
    {
        bool isSpent = await SpendAsync(id, binding, at, exact).ConfigureAwait(false);
        Require(isSpent == expected, $"{what} was {(isSpent ? "" : "not ")}spent.");
    }

    public Task ReturnAsync(string id, string binding = "b", long at = 0, string? exact = null) =>
        store.ReturnAsync(UseOf(id, binding, at, exact), cancellationToken).AsTask();

    public Task<ApprovalResolution> ResolveAsync(ApprovalResolve answer) => store.ResolveAsync(answer, cancellationToken).AsTask();

    public async Task RequireResolvedAsync(ApprovalResolution expected, ApprovalResolve answer, string what)
    {
        ApprovalResolution resolution = await ResolveAsync(answer).ConfigureAwait(false);
        Require(resolution == expected, $"{what} was answered with {resolution}, not with {expected}.");
    }

    public async Task ApproveAsync(string id, long at = 0, int? uses = null, long? validFor = null, bool isExact = false) =>
        await RequireResolvedAsync(
            ApprovalResolution.Done, Approve(id, at, uses, validFor, isExact), "An approval of what is pending").ConfigureAwait(false);

    public async Task RefuseAsync(string id, long at = 0) =>
        await RequireResolvedAsync(ApprovalResolution.Done, Refuse(id, at), "A refusal").ConfigureAwait(false);

    public async Task<StoredApproval?> FindAsync(string id, long at = 0)
    {
        StoredApproval? approval = await store.FindAsync(new ApprovalQuery(TimeAt(at), id), cancellationToken).ConfigureAwait(false);
        if (approval is not null)
        {
            Require(approval.Id == id, "An approval of another id was found.");
            RequireSound(approval);
        }

        return approval;
    }

    /// <summary>Requires that an approval stands so; unknown where none may be found.</summary>
    public async Task<StoredApproval?> RequireStatusAsync(
        ApprovalStatus expected, string id, long at = 0, int? usesLeft = null, string what = "An approval")
    {
        StoredApproval? approval = await FindAsync(id, at).ConfigureAwait(false);
        ApprovalStatus status = approval?.Status ?? ApprovalStatus.Unknown;
        Require(status == expected, $"{what} is {status}, not {expected}.");
        Require(
            usesLeft is null || approval!.UsesLeft == usesLeft,
            string.Create(CultureInfo.InvariantCulture, $"{what} has {approval?.UsesLeft} uses left, not {usesLeft}."));
        return approval;
    }

    public async Task<IReadOnlyList<StoredApproval>> ListAsync(
        int count = 1_000, StoredApproval? after = null, string? grantId = null, long at = 0)
    {
        var query = new ApprovalListQuery { Time = TimeAt(at), Count = count, After = after, GrantId = grantId };
        IReadOnlyList<StoredApproval> page = await store.ListPendingAsync(query, cancellationToken).ConfigureAwait(false);
        Require(page.Count <= count, "A page has more than were asked for.");
        foreach (StoredApproval approval in page)
        {
            RequireSound(approval);
            Require(approval.Status == ApprovalStatus.Pending, $"One that is {approval.Status} is listed as pending.");
        }

        return page;
    }

    public static DateTimeOffset TimeAt(long at) => Start.AddMilliseconds(at);

    /// <summary>An id as the engine's are in form.</summary>
    public static string IdOf(long number) => number.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>A binding as the engine's are in form.</summary>
    public static string BindingOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>One use of an approval, by the only call of its binding unless another one is named.</summary>
    public static ApprovalUse UseOf(string id, string binding = "b", long at = 0, string? exact = null) =>
        new(TimeAt(at), id, BindingOf(binding), BindingOf(exact ?? binding));

    public static byte[] ContentOf(long number) => Encoding.UTF8.GetBytes($"content {number}");

    /// <summary>
    /// Asks with an id of its own for one call, that is called b here, and is the only one of its binding unless another one is named.
    /// </summary>
    public static ApprovalRequest Request(
        long number,
        string binding = "b",
        string grantId = "g",
        long at = 0,
        int uses = 1,
        long validFor = Period,
        long pendingFor = Period,
        int maxPending = 100,
        bool mayRequest = true,
        string? exact = null) => new()
        {
            Time = TimeAt(at),
            NewId = IdOf(number),
            Binding = BindingOf(binding),
            ExactBinding = BindingOf(exact ?? binding),
            GrantId = grantId,
            MayRequest = mayRequest,
            MaxPending = maxPending,
            PendingFor = TimeSpan.FromMilliseconds(pendingFor),
            Terms = new ApprovalTerms(uses, TimeSpan.FromMilliseconds(validFor)),
            Content = ContentOf(number),
        };

    public static ApprovalResolve Approve(
        string id, long at = 0, int? uses = null, long? validFor = null, bool isExact = false) => new()
        {
            Time = TimeAt(at),
            Id = id,
            IsApproved = true,
            By = "ann",
            Reason = "looks right",
            IsExact = isExact,
            Uses = uses,
            ValidFor = validFor is { } time ? TimeSpan.FromMilliseconds(time) : null,
        };

    public static ApprovalResolve Refuse(string id, long at = 0) =>
        new() { Time = TimeAt(at), Id = id, IsApproved = false, By = "bob", Reason = "not today" };

    /// <summary>What holds for an approval wherever it stands.</summary>
    private static void RequireSound(StoredApproval approval)
    {
        bool hasEnded = approval.Status is ApprovalStatus.Refused or ApprovalStatus.Spent or ApprovalStatus.Expired;
        bool usesAreSound = approval.Status switch
        {
            ApprovalStatus.Pending => approval.UsesLeft == approval.Terms.Uses,
            ApprovalStatus.Approved => approval.UsesLeft >= 1 && approval.UsesLeft <= approval.Terms.Uses,
            _ => approval.UsesLeft == 0,
        };
        Require(usesAreSound, $"One that is {approval.Status} has {approval.UsesLeft} of {approval.Terms.Uses} uses left.");
        Require(!hasEnded || approval.Content.IsEmpty, $"One that is {approval.Status} still has its content.");
        Require(
            !approval.IsExact || approval.Status != ApprovalStatus.Pending, "One that is pending is said to have been narrowed.");
        Require(approval.Answered is null == approval.AnsweredBy is null, "It is said when or by whom one was answered, but not both.");
        Require(
            approval.Status != ApprovalStatus.Pending || approval.Answered is null, "One that is pending is said to have been answered.");
        Require(
            approval.Status is not (ApprovalStatus.Approved or ApprovalStatus.Refused or ApprovalStatus.Spent)
                || approval.Answered is not null,
            $"It isn't said who answered one that is {approval.Status}.");
    }
}
