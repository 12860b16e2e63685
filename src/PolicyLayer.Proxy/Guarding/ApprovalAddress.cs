namespace PolicyLayer.Proxy.Guarding;

/// <summary>Where a person answers a request for approval.</summary>
internal static class ApprovalAddress
{
    /// <summary>What stands for the request's id in a template.</summary>
    public const string Id = "{id}";

    /// <summary>Whether a text is an address of the web with one place for an id, behind the host's name.</summary>
    public static bool IsTemplate(string text)
    {
        int place = text.IndexOf(Id, StringComparison.Ordinal);
        return place >= 0
            && place == text.LastIndexOf(Id, StringComparison.Ordinal)
            && AuthorityOf(text, "0") is { } authority
            && authority == AuthorityOf(text, "1");
    }

    /// <summary>What a caller is told of a denial: of one that waits for a person, also the request's id, and what to do.</summary>
    /// <param name="denial">The denial.</param>
    /// <param name="template">Where people answer; null for nowhere.</param>
    public static string Tell(ToolCallDenial denial, string? template)
    {
        if (!IsAsked(denial))
        {
            return denial.Message;
        }

        string comeBack = $"{denial.Message} Call again with the same arguments once the request {denial.ApprovalId} is approved.";
        return template is null ? comeBack : $"{comeBack} A person answers at {Of(denial.ApprovalId!, template)}";
    }

    /// <summary>Whether a call waits for a person who was asked.</summary>
    public static bool IsAsked(ToolCallDenial denial) => denial is { ApprovalId: not null, Unlock: ToolCallDenial.UnlockedByApproval };

    /// <summary>Where a person answers a request.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="template">Where people answer.</param>
    public static string Of(string id, string template) => template.Replace(Id, Uri.EscapeDataString(id), StringComparison.Ordinal);

    private static string? AuthorityOf(string template, string id) =>
        Uri.TryCreate(template.Replace(Id, id, StringComparison.Ordinal), UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.UserInfo.Length == 0
            ? address.Authority
            : null;
}
