using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>Finds the framework's loop among the clients behind a guard: the one that there may be.</summary>
internal static class FunctionLoop
{
    /// <summary>The only loop in the chain of clients that begins with one.</summary>
    /// <exception cref="InvalidOperationException">There is none, more than one, or one that may have others beside it.</exception>
    public static FunctionInvokingChatClient Behind(IChatClient first)
    {
        FunctionInvokingChatClient? found = null;
        IChatClient at = first;
        for (; at is DelegatingChatClient client; at = InnerOf(client))
        {
            if (client is not FunctionInvokingChatClient loop)
            {
                continue;
            }

            found = found is null
                ? loop
                : throw new InvalidOperationException(
                    "Functions would run that nobody judges: more than one client behind `UsePolicyLayer` runs functions. Help: call "
                        + "`UseFunctionInvocation` once.");
        }

        // It may choose between several clients, of which it would name one.
        if (at.GetService<FunctionInvokingChatClient>() is not null)
        {
            throw new InvalidOperationException(
                $"Functions might run that nobody judges: a client of type {at.GetType().Name} has clients of its own that run functions. "
                    + "Help: call `UsePolicyLayer` before `UseFunctionInvocation` in each of those, not here.");
        }

        return found ?? throw new InvalidOperationException(
            "No function would be guarded: nothing behind `UsePolicyLayer` runs functions. Help: call `UseFunctionInvocation` after it, "
                + "and none before it, which would run functions unguarded and take answers to requests for approval.");
    }

    // A client tells nobody but its own kind what stands behind it.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerClient")]
    private static extern IChatClient InnerOf(DelegatingChatClient client);
}
