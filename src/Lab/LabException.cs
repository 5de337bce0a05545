namespace PrivateLinkCloud.Lab;

/// <summary>Something went wrong that a person can act on: the message is a sentence for them, and no stack trace follows.</summary>
public class LabException : Exception
{
    public LabException() { }
    public LabException(string message) : base(message) { }
    public LabException(string message, Exception inner) : base(message, inner) { }
}
