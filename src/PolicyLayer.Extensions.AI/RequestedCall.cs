using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>A call that waits for an answer, as it was when it was asked about. Nobody else has its arguments.</summary>
internal sealed class RequestedCall
{
    private readonly FunctionCallContent _call;

    /// <param name="caller">Whose chat asks.</param>
    /// <param name="call">The call.</param>
    /// <param name="approvalId">The approval that the policy has it wait for; null for none.</param>
    /// <param name="isConfirmed">Whether the host wants a person to confirm it, whatever the policy says.</param>
    public RequestedCall(ChatCaller caller, FunctionCallContent call, string? approvalId, bool isConfirmed)
    {
        // The framework's own id is made of the call's, which models count from 1 and all who chat see.
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Caller = caller;
        ApprovalId = approvalId;
        NeedsPerson = isConfirmed || approvalId is not null;
        _call = new FunctionCallContent(call.CallId, call.Name, call.Arguments is null ? null : JudgedArguments.Copy(call.Arguments))
        {
            AdditionalProperties = call.AdditionalProperties,
            RawRepresentation = call.RawRepresentation,
        };
        Request = new ToolApprovalRequestContent(Id, _call);
    }

    /// <summary>The id of the request: 128 random bits.</summary>
    public string Id { get; }

    public ChatCaller Caller { get; }

    public string? ApprovalId { get; }

    /// <summary>Whether it waits for a person; else the framework has only asked about it.</summary>
    public bool NeedsPerson { get; }

    /// <summary>The request, for those behind who run the call.</summary>
    public ToolApprovalRequestContent Request { get; }

    /// <summary>Whether somebody else's call is this very one.</summary>
    public bool Is(ToolCallContent other) =>
        other is FunctionCallContent call
        && call.CallId == _call.CallId
        && call.Name == _call.Name
        && HasArguments(call.Arguments);

    private bool HasArguments(IDictionary<string, object?>? others)
    {
        try
        {
            return JsonElement.DeepEquals(ToElement(_call.Arguments), ToElement(others));
        }
        catch (Exception exception)
            when (exception is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            // What can't be written can't be compared.
            return false;
        }
    }

    private static JsonElement ToElement(IDictionary<string, object?>? arguments) => JsonSerializer.SerializeToElement(
        arguments ?? new Dictionary<string, object?>(),
        AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)));
}
