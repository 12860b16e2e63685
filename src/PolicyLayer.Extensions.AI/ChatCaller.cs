namespace PolicyLayer.Extensions.AI;

/// <summary>Whose chat it is, as the host's options say it: what one asks for no other answers, or pushes out.</summary>
/// <param name="GrantId">The grant; null for the authorizer's default.</param>
/// <param name="SessionId">The session; null for none.</param>
internal readonly record struct ChatCaller(string? GrantId, string? SessionId);
