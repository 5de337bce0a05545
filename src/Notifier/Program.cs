using PrivateLinkCloud.Notifier;

try
{
    using var host = NotifierHost.Create(args).Build();
    await host.RunAsync();
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or FormatException or FileNotFoundException or InvalidDataException)
{
    // A knob is wrong: the sentence says which, a stack trace would not help.
    await Console.Error.WriteLineAsync($"notifier: {e.Message}");
    return 2;
}
