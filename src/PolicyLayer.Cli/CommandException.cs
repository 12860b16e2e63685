namespace PolicyLayer.Cli;

/// <summary>Ends a command with <see cref="ExitCodes.Failed"/>; the message is for the person who ran it.</summary>
internal class CommandException(string message) : Exception(message);
